// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.rotation;

import eu.aval.server.audit.AuditTrail;
import eu.aval.server.encryption.KeyChanges;
import eu.aval.server.rotation.store.RotationRows;
import eu.aval.server.tenant.KeyedColumns;
import eu.aval.server.tenant.KeyedDatabase;
import eu.aval.server.tenant.Nodes;
import eu.aval.server.tenant.PlatformDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.UUID;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RotationSettings.class)
class RotationConfiguration {

    @Bean
    RotationNode rotationNode(
            RotationSettings settings,
            PlatformDatabase database,
            KeyedDatabase keyed,
            KeyChanges keys,
            RotationRows rows,
            AuditTrail audit,
            List<KeyedColumns> columns,
            Nodes nodes,
            MeterRegistry registry) {
        UUID node = nodes.thisNode();
        RotationMetrics metrics = new RotationMetrics(registry);
        RotationSteps steps = new RotationSteps(node, settings, database, keyed, keys, rows, audit, columns, metrics);
        return new RotationNode(node, settings, database, rows, steps, metrics);
    }
}
