// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.account;

import eu.aval.server.audit.AuditTrail;
import eu.aval.server.carrier.CarrierEvents;
import eu.aval.server.carrier.plugin.InstalledPlugins;
import eu.aval.server.carrier.store.AccountRows;
import eu.aval.server.carrier.store.ApprovalRows;
import eu.aval.server.carrier.store.SessionRows;
import eu.aval.server.encryption.Keys;
import eu.aval.server.tenant.KeyedDatabase;
import eu.aval.server.tenant.Nodes;
import eu.aval.server.tenant.PlatformDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import reactor.core.publisher.Mono;

/** Puts the carrier host together. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CarrierSettings.class)
class HostConfiguration {

    @Bean
    InstalledPlugins installedPlugins(CarrierSettings settings) throws IOException {
        var bundled = new PathMatchingResourcePatternResolver().getResources("classpath*:carriers/*.jar");
        return new InstalledPlugins(settings.directory(), List.of(bundled), settings.spiVersion());
    }

    @Bean
    AccountSecrets accountSecrets(Keys keys, CarrierSettings settings) {
        return new AccountSecrets(keys, settings.secretDirectories(), System::getenv);
    }

    @Bean
    HostedAccounts carrierAccounts(
            CarrierSettings settings,
            InstalledPlugins plugins,
            AccountSecrets secrets,
            ObjectProvider<CarrierEvents> events,
            MeterRegistry registry,
            Clock clock) {
        CarrierEvents nobody = (account, event) ->
                Mono.error(new IllegalStateException("Nobody takes the events of carriers on this node"));
        return new HostedAccounts(
                settings, plugins::find, secrets, () -> events.getIfAvailable(() -> nobody), registry, clock);
    }

    @Bean
    CarrierHost carrierHost(
            CarrierSettings settings,
            PlatformDatabase database,
            ApprovalRows approvals,
            AccountRows accounts,
            SessionRows sessions,
            InstalledPlugins plugins,
            HostedAccounts hosted,
            Nodes nodes) {
        return new CarrierHost(settings, database, approvals, accounts, sessions, plugins, hosted, nodes.thisNode());
    }

    @Bean
    StoredAccounts accountAdministration(
            PlatformDatabase database,
            KeyedDatabase keyed,
            AccountRows rows,
            AuditTrail audit,
            AccountSecrets secrets,
            InstalledPlugins plugins,
            HostedAccounts hosted,
            CarrierHost host) {
        return new StoredAccounts(database, keyed, rows, audit, secrets, plugins, hosted, host);
    }

    @Bean
    AllowedPlugins carrierPlugins(
            PlatformDatabase database,
            ApprovalRows approvals,
            AuditTrail audit,
            InstalledPlugins plugins,
            CarrierHost host) {
        return new AllowedPlugins(database, approvals, audit, plugins, host);
    }

    @Bean
    AccountFile accountFile(CarrierSettings settings, StoredAccounts administration) {
        return new AccountFile(settings, administration);
    }

    @Bean
    CarriersHealth carrierAccountsHealthIndicator(HostedAccounts accounts) {
        return new CarriersHealth(accounts);
    }
}
