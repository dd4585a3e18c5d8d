// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.delivery;

import eu.aval.server.carrier.CarrierAccount;
import eu.aval.server.carrier.CarrierAccounts;
import eu.aval.server.delivery.store.ParkedReceiptTable;
import eu.aval.server.delivery.store.ReceiptBundleTable;
import eu.aval.server.delivery.store.ReceiptTable;
import eu.aval.server.encryption.Keys;
import eu.aval.server.inbound.InboundParts;
import eu.aval.server.inbound.Inbox;
import eu.aval.server.message.dispatch.PendingIds;
import eu.aval.server.tenant.KeyedDatabase;
import eu.aval.server.tenant.PlatformDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the receiving side together. */
@Configuration(proxyBeanMethods = false)
class DeliveryConfiguration {

    /** Carriers are asked for by name only when something is counted: they need this feature to open. */
    @Bean
    ReceiptMetrics receiptMetrics(MeterRegistry meters, ObjectProvider<CarrierAccounts> accounts) {
        return new ReceiptMetrics(meters, id -> {
            CarrierAccount account = accounts.getObject().find(id);
            return account == null ? "closed" : account.name();
        });
    }

    @Bean
    Receipts receipts(
            PlatformDatabase database,
            KeyedDatabase keyed,
            ReceiptTable table,
            ReceiptBundleTable bundles,
            ParkedReceiptTable parkedTable,
            Keys keys,
            PendingIds pendingIds,
            ReceiptMetrics metrics) {
        // Compared with ids that this node makes, which bear its own time
        return new Receipts(database, keyed, table, bundles, parkedTable, keys, pendingIds, metrics, Clock.systemUTC());
    }

    @Bean
    DeliveryNode deliveryNode(Receipts receipts, Inbox inbox, InboundParts parts, Clock clock) {
        return new DeliveryNode(receipts, inbox, parts, clock);
    }
}
