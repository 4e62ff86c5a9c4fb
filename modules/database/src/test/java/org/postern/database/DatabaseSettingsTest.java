package org.postern.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DatabaseSettingsTest {
    @Test
    void neverShowsAPassword() {
        var settings = DatabaseSettings.of("jdbc:postgresql://db/postern?password=s3cret", "me", "s3cret", "cell1");
        assertThat(settings).hasToString("jdbc:postgresql://db/postern as me, cell cell1, pool of 16");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Cell", "a-b", "public", "directory", "pg_toast", "x;drop", "ı"})
    void refusesOddCells(String cell) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DatabaseSettings.of("jdbc:postgresql://db/postern", "me", "x", cell));
    }

    @Test
    void hasBounds() {
        var settings = DatabaseSettings.of("jdbc:postgresql://db/postern", "me", "x", "cell1");
        assertThatIllegalArgumentException().isThrownBy(() -> settings.withPoolSize(0));
        assertThatIllegalArgumentException().isThrownBy(() -> settings.withPoolSize(501));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DatabaseSettings.of("jdbc:mysql://db/postern", "me", "x", "cell1"));
        assertThat(settings.socketTimeout()).isGreaterThan(settings.statementTimeout());
    }
}
