package org.postern.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.7,                192.0.2.7",
        "2001:db8:1:2:3:4:5:6,     2001:db8:1:2:0:0:0:0",
        "2001:db8:1:2::,           2001:db8:1:2:0:0:0:0",
        "::ffff:192.0.2.7,         192.0.2.7",
    })
    @DisplayName("an IPv4 address counts by itself, an IPv6 address by its /64")
    void network(String address, String counted) throws UnknownHostException {
        var client = new ClientAddress(InetAddress.getByName(address));
        assertThat(client.network()).hasToString(counted);
        assertThat(client.network().network()).isEqualTo(client.network());
    }
}
