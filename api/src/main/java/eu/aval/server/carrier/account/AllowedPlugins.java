// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.account;

import eu.aval.server.audit.Actor;
import eu.aval.server.audit.AuditEvent;
import eu.aval.server.audit.AuditTrail;
import eu.aval.server.carrier.CarrierPlugin;
import eu.aval.server.carrier.CarrierPlugins;
import eu.aval.server.carrier.plugin.InstalledPlugins;
import eu.aval.server.carrier.store.ApprovalRows;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.tenant.PlatformDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** The allow-list of digests, audited. */
final class AllowedPlugins implements CarrierPlugins {

    private static final Problem.Field NO_DIGEST =
            new Problem.Field("/sha256", "INVALID", "Is 64 lower-case hex digits");

    private final PlatformDatabase database;
    private final ApprovalRows approvals;
    private final AuditTrail audit;
    private final InstalledPlugins plugins;
    private final CarrierHost host;

    AllowedPlugins(
            PlatformDatabase database,
            ApprovalRows approvals,
            AuditTrail audit,
            InstalledPlugins plugins,
            CarrierHost host) {
        this.database = database;
        this.approvals = approvals;
        this.audit = audit;
        this.plugins = plugins;
        this.host = host;
    }

    @Override
    public List<CarrierPlugin> known() {
        return plugins.known();
    }

    @Override
    public Mono<Void> approve(String sha256, String pluginId, Actor actor) {
        List<Problem.Field> wrong = new ArrayList<>();
        if (!isDigest(sha256)) {
            wrong.add(NO_DIGEST);
        }
        if (!pluginId.matches("[a-z][a-z0-9-]{0,39}")) {
            wrong.add(
                    new Problem.Field("/pluginId", "INVALID", "Is lower-case letters, digits and dashes, at most 40"));
        }
        if (!wrong.isEmpty()) {
            return Mono.error(new Problem(ProblemType.INVALID_REQUEST, "No plugin can be so.", wrong));
        }
        return database.in(client -> approvals
                        .approve(client, sha256, pluginId, actor.value())
                        .then(audit.append(
                                client,
                                new AuditEvent(
                                        null,
                                        actor,
                                        "carrier-plugin.approved",
                                        "carrier-plugin:" + sha256,
                                        Map.of("plugin", pluginId)))))
                .then(Mono.defer(host::look));
    }

    @Override
    public Mono<Void> revoke(String sha256, Actor actor) {
        String pluginId = plugins.known().stream()
                .filter(plugin -> sha256.equals(plugin.sha256()) && plugin.id() != null)
                .map(plugin -> Objects.requireNonNull(plugin.id()))
                .findFirst()
                .orElse("");
        if (!isDigest(sha256)) {
            return Mono.error(new Problem(ProblemType.INVALID_REQUEST, "No plugin can be so.", List.of(NO_DIGEST)));
        }
        return database.in(client -> approvals
                        .revoke(client, sha256, pluginId, actor.value())
                        .then(audit.append(
                                client,
                                new AuditEvent(null, actor, "carrier-plugin.revoked", "carrier-plugin:" + sha256))))
                .then(Mono.defer(host::look));
    }

    private static boolean isDigest(String sha256) {
        return sha256.matches("[0-9a-f]{64}");
    }

    @Override
    public Mono<List<CarrierPlugin>> reload(Actor actor) {
        return Mono.fromRunnable(plugins::forgetFailures)
                .then(database.in(client ->
                        audit.append(client, new AuditEvent(null, actor, "carrier-plugin.reloaded", "carrier-plugin"))))
                .then(Mono.defer(host::look))
                .then(Mono.fromSupplier(plugins::known));
    }
}
