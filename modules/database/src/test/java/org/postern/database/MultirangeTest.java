package org.postern.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.model.UidSet;

final class MultirangeTest {
    @Test
    void isPostgresqlsOwnForm() {
        assertThat(Multirange.of(UidSet.of(1, 2, 3, 7)).text()).isEqualTo("{[1,4),[7,8)}");
        assertThat(Multirange.of(UidSet.empty()).text()).isEqualTo("{}");
        assertThat(Multirange.of(UidSet.range(4_294_967_295L, 4_294_967_295L)).text())
                .isEqualTo("{[4294967295,4294967296)}");
    }

    @Test
    void comesBack() {
        var uids = UidSet.of(1, 2, 3, 7, 9, 10, 4_294_967_295L);
        assertThat(Multirange.parse(Multirange.of(uids).text())).isEqualTo(uids);
        assertThat(Multirange.parse("{}")).isEqualTo(UidSet.empty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[1,2)",
                "{[1,2)[3,4)}",
                "{(1,2)}",
                "{[1,)}",
                "{[0,2)}",
                "{[1,2]}",
                "{[a,b)}",
                "{[1,2);[3,4)}"
            })
    void refusesAnythingElse(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Multirange.parse(text));
    }
}
