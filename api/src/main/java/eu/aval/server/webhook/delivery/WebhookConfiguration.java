// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.webhook.delivery;

import eu.aval.server.audit.AuditTrail;
import eu.aval.server.encryption.Keys;
import eu.aval.server.outbox.EventLog;
import eu.aval.server.tenant.PlatformDatabase;
import eu.aval.server.webhook.WebhookSettings;
import eu.aval.server.webhook.store.DeliveryRows;
import eu.aval.server.webhook.store.EndpointRows;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the sending side together. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WebhookSettings.class)
class WebhookConfiguration {

    @Bean
    Targets webhookTargets(WebhookSettings settings) {
        return new Targets(settings.insecure(), settings.allowedNetworks());
    }

    /** Closed after the node has stopped: beans go after the last phase. */
    @Bean(destroyMethod = "close")
    WebhookClient webhookClient(Targets webhookTargets, WebhookSettings settings, Clock clock) {
        return new WebhookClient(webhookTargets, settings.timeout(), clock);
    }

    @Bean
    OpenedKeys openedKeys(Keys keys) {
        return new OpenedKeys(keys);
    }

    @Bean
    DeliveryNode webhookNode(
            PlatformDatabase database,
            DeliveryRows rows,
            EndpointRows endpoints,
            OpenedKeys openedKeys,
            WebhookClient webhookClient,
            EventLog log,
            AuditTrail audit,
            WebhookSettings settings,
            MeterRegistry meters) {
        return node(database, rows, endpoints, openedKeys, webhookClient, log, audit, settings, meters);
    }

    static DeliveryNode node(
            PlatformDatabase database,
            DeliveryRows rows,
            EndpointRows endpoints,
            OpenedKeys keys,
            WebhookClient client,
            EventLog log,
            AuditTrail audit,
            WebhookSettings settings,
            MeterRegistry meters) {
        var inFlight = DeliveryLoop.noneInFlight();
        var metrics = new WebhookMetrics(
                meters,
                () -> inFlight.values().stream().mapToInt(Integer::intValue).sum());
        var loop = new DeliveryLoop(
                database,
                rows,
                endpoints,
                keys,
                client,
                new RetrySchedule(() -> ThreadLocalRandom.current().nextDouble()),
                new Settlement(database, rows, endpoints, log, audit, settings, metrics),
                settings,
                metrics,
                inFlight);
        return new DeliveryNode(new Relay(database, log, rows), loop, rows, database, settings, metrics);
    }
}
