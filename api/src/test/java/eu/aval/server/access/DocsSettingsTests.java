// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class DocsSettingsTests {

    @Test
    void opensTheCatalogueOfErrorsInAnyCase() {
        assertThat(new DocsSettings(true).paths()).contains("/problems", "/problems/*", "/docs", "/openapi.yaml");
        assertThat(new DocsSettings(false).paths()).containsExactly("/problems", "/problems/*");
    }
}
