// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

final class AccessSettingsTests {

    private final MockEnvironment external = new MockEnvironment().withProperty("aval.db.url", "postgresql://db/aval");

    @Test
    void showsGraphiqlWithTheEmbeddedDatabaseOnly() {
        var settings = new AccessSettings(false, null, 30);

        assertThat(settings.showsGraphiql(new MockEnvironment())).isTrue();
        assertThat(settings.showsGraphiql(external)).isFalse();
    }

    @Test
    void showsGraphiqlAsItIsTold() {
        assertThat(new AccessSettings(false, true, 30).showsGraphiql(external)).isTrue();
        assertThat(new AccessSettings(false, false, 30).showsGraphiql(new MockEnvironment()))
                .isFalse();
    }
}
