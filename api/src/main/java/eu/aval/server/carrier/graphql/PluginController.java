// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.graphql;

import eu.aval.server.access.Operator;
import eu.aval.server.carrier.CarrierPlugin;
import eu.aval.server.carrier.CarrierPlugins;
import eu.aval.spi.Capability;
import eu.aval.spi.CarrierDescriptor;
import eu.aval.spi.config.ConfigurationProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.graphql.data.method.annotation.Argument;
import org.springframework.graphql.data.method.annotation.ContextValue;
import org.springframework.graphql.data.method.annotation.MutationMapping;
import org.springframework.graphql.data.method.annotation.QueryMapping;
import org.springframework.graphql.data.method.annotation.SchemaMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** Carrier jars and the allow-list of their digests. */
@Controller
class PluginController {

    private final CarrierPlugins plugins;

    PluginController(CarrierPlugins plugins) {
        this.plugins = plugins;
    }

    @QueryMapping
    List<CarrierPlugin> carrierPlugins(@ContextValue Operator operator) {
        operator.requireAllTenants();
        return plugins.known();
    }

    @MutationMapping
    Mono<List<CarrierPlugin>> approveCarrierPlugin(
            @Argument String sha256, @Argument String pluginId, @ContextValue Operator operator) {
        operator.requireAllTenants();
        return plugins.approve(sha256, pluginId, operator.actor()).then(Mono.fromSupplier(() -> having(sha256)));
    }

    @MutationMapping
    Mono<List<CarrierPlugin>> revokeCarrierPlugin(@Argument String sha256, @ContextValue Operator operator) {
        operator.requireAllTenants();
        return plugins.revoke(sha256, operator.actor()).then(Mono.fromSupplier(() -> having(sha256)));
    }

    @MutationMapping
    Mono<List<CarrierPlugin>> reloadCarrierPlugins(@ContextValue Operator operator) {
        operator.requireAllTenants();
        return plugins.reload(operator.actor());
    }

    @SchemaMapping(typeName = "CarrierPlugin", field = "pluginId")
    @Nullable
    String pluginId(CarrierPlugin plugin) {
        return plugin.id();
    }

    @SchemaMapping(typeName = "CarrierPlugin")
    @Nullable
    String displayName(CarrierPlugin plugin) {
        CarrierDescriptor descriptor = plugin.descriptor();
        return descriptor == null ? null : descriptor.displayName();
    }

    @SchemaMapping(typeName = "CarrierPlugin")
    List<Capability> capabilities(CarrierPlugin plugin) {
        CarrierDescriptor descriptor = plugin.descriptor();
        return descriptor == null
                ? List.of()
                : descriptor.capabilities().stream().sorted().toList();
    }

    @SchemaMapping(typeName = "CarrierPlugin")
    List<ConfigurationProperty> settings(CarrierPlugin plugin) {
        CarrierDescriptor descriptor = plugin.descriptor();
        return descriptor == null ? List.of() : descriptor.configuration();
    }

    private List<CarrierPlugin> having(String sha256) {
        return plugins.known().stream()
                .filter(plugin -> sha256.equals(plugin.sha256()))
                .toList();
    }
}
