// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.dispatch;

import eu.aval.server.carrier.CarrierAccounts;
import eu.aval.server.encryption.Keys;
import eu.aval.server.routing.Routes;
import eu.aval.server.shared.StartOrder;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** Puts the dispatcher together, starts it last and stops it first. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DispatchSettings.class)
class DispatchConfiguration {

    @Bean
    @Lazy
    DispatchNode dispatchNode(
            CarrierAccounts accounts,
            Routes routes,
            DispatchQueue queue,
            Doubts doubts,
            QueueSweeps sweeps,
            Keys keys,
            PendingIds pendingIds,
            DispatchSignal signal,
            ObjectProvider<SubmittedListener> submitted,
            ObjectProvider<OptOutListener> optOuts,
            DispatchSettings settings,
            MeterRegistry meters,
            Clock clock) {
        return new DispatchNode(
                accounts,
                routes,
                queue,
                doubts,
                sweeps,
                keys,
                pendingIds,
                signal,
                submitted.orderedStream().toList(),
                optOuts.orderedStream().toList(),
                settings,
                meters,
                clock);
    }

    @Bean
    SmartLifecycle dispatchLifecycle(
            ObjectProvider<DispatchNode> node, ObjectProvider<CarrierAccounts> accounts, DispatchSettings settings) {
        return new Lifecycle(node, accounts, settings.enabled());
    }

    private static final class Lifecycle implements SmartLifecycle {

        private final ObjectProvider<DispatchNode> nodes;
        private final ObjectProvider<CarrierAccounts> accounts;
        private final boolean enabled;
        private volatile @Nullable DispatchNode running;

        Lifecycle(ObjectProvider<DispatchNode> nodes, ObjectProvider<CarrierAccounts> accounts, boolean enabled) {
            this.nodes = nodes;
            this.accounts = accounts;
            this.enabled = enabled;
        }

        /** A server without carriers sends nothing. */
        @Override
        public void start() {
            if (enabled && accounts.getIfAvailable() != null) {
                DispatchNode node = nodes.getObject();
                node.start();
                running = node;
            }
        }

        @Override
        public void stop() {
            stop(() -> {});
        }

        @Override
        public void stop(Runnable callback) {
            DispatchNode node = running;
            running = null;
            if (node == null) {
                callback.run();
            } else {
                node.stop().subscribe(done -> {}, error -> callback.run(), callback);
            }
        }

        @Override
        public boolean isRunning() {
            return running != null;
        }

        @Override
        public int getPhase() {
            return StartOrder.DISPATCH;
        }
    }
}
