// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.tenant;

import io.r2dbc.spi.ConnectionFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The two ways into the database. */
@Configuration(proxyBeanMethods = false)
class TenantConfiguration {

    @Bean
    TenantDatabase tenantDatabase(@Qualifier("appPool") ConnectionFactory pool) {
        return TenantDatabase.on(pool);
    }

    @Bean
    PlatformDatabase platformDatabase(@Qualifier("platformPool") ConnectionFactory pool) {
        return PlatformDatabase.on(pool);
    }
}
