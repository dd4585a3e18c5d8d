// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.demo;

import eu.aval.server.access.ApiKeys;
import eu.aval.server.access.OperatorTokens;
import eu.aval.server.carrier.AccountAdministration;
import eu.aval.server.carrier.CarrierPlugins;
import eu.aval.server.consent.Purposes;
import eu.aval.server.consent.Senders;
import eu.aval.server.limit.TrafficLimits;
import eu.aval.server.routing.RouteAdministration;
import eu.aval.server.tenant.Tenants;
import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** {@code AVAL_DEMO}: on with the embedded PostgreSQL, off with any other. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("aval.demo")
class DemoConfiguration {

    @Bean
    FirstStart firstStart(
            Tenants tenants,
            Purposes purposes,
            Senders senders,
            AccountAdministration accounts,
            CarrierPlugins plugins,
            RouteAdministration routes,
            TrafficLimits limits,
            ApiKeys keys,
            OperatorTokens tokens,
            @Value("${aval.data}") Path data,
            @Value("${aval.carriers.directory}") Path carriers,
            Environment environment) {
        return new FirstStart(
                new DemoTenant(tenants, purposes, senders, accounts, plugins, carriers, routes, limits, keys, tokens),
                data,
                environment);
    }
}
