// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.accept;

import eu.aval.server.FreshDatabase;
import eu.aval.server.access.Application;
import eu.aval.server.consent.LegalBasis;
import eu.aval.server.consent.Purpose;
import eu.aval.server.consent.RetentionClass;
import eu.aval.server.consent.Sender;
import eu.aval.server.encryption.Keys;
import eu.aval.server.encryption.KeysSetup;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.limit.TrafficRules;
import eu.aval.server.limit.store.UsageRows;
import eu.aval.server.message.dispatch.DispatchSignal;
import eu.aval.server.message.store.AcceptStore;
import eu.aval.server.message.store.TrafficRows;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.policy.RulePacks;
import eu.aval.server.routing.Route;
import eu.aval.server.routing.Routes;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.spi.submit.MessageClass;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** A tenant with a purpose of each class, a sender and a route, in a real database; and journals as nodes have them. */
final class AcceptSetup {

    static final UUID ACCOUNT = TimeOrderedId.next();

    final FreshDatabase database;
    final KeysSetup keys;
    final TenantId tenant = new TenantId(TimeOrderedId.next());
    final Map<String, Purpose> purposes = new HashMap<>();
    final Sender sender = new Sender(TimeOrderedId.next(), "AVAL", Sender.Kind.ALPHANUMERIC, true, false);
    final Terms terms;
    final Application live = application(Application.Kind.LIVE);

    AcceptSetup(FreshDatabase database, Path directory) {
        this.database = database;
        this.keys = KeysSetup.in(directory);
        database.execute("insert into aval.tenant (id, key, name) values (?, ?, 'A tenant')", tenant.value(), key());
        for (MessageClass messageClass : MessageClass.values()) {
            boolean promotional = messageClass == MessageClass.MARKETING || messageClass == MessageClass.SURVEY;
            String key = messageClass.name().toLowerCase(java.util.Locale.ROOT);
            LegalBasis basis = promotional ? LegalBasis.CONSENT : LegalBasis.CONTRACT;
            Purpose purpose =
                    new Purpose(TimeOrderedId.next(), key, messageClass, basis, RetentionClass.MESSAGE, false);
            purposes.put(key, purpose);
            database.execute(
                    "insert into aval.purpose (id, tenant_id, key, message_class, legal_basis, retention_class)"
                            + " values (?, ?, ?, ?, ?, 'MESSAGE')",
                    purpose.id(),
                    tenant.value(),
                    key,
                    messageClass.name(),
                    basis.name());
        }
        TenantKeys current = current();
        database.execute(
                "insert into aval.keyset (tenant_id, kind, version, wrapped, kek) values (?, 'AEAD', ?, '', 'test'),"
                        + " (?, 'PRF', ?, '', 'test')",
                tenant.value(),
                current.aeadVersion(),
                tenant.value(),
                current.prfVersion());
        this.terms = new Terms(
                purposes,
                Map.of("AVAL", sender),
                sender,
                Set.of("FR"),
                10,
                RulePacks.bundled().find("OPEN"),
                TrafficRules.NONE);
    }

    TenantKeys current() {
        return keys.node().of(tenant).blockOptional(Duration.ofSeconds(60)).orElseThrow();
    }

    Application application(Application.Kind kind) {
        return new Application(
                TimeOrderedId.next(), tenant, kind, Set.of(Application.Scope.values()), null, null, 10_000);
    }

    /** A node's journal. */
    Journal journal() {
        Keys node = keys.node();
        return new Journal(
                database.tenantDatabase(),
                node,
                new AcceptStore(),
                new Traffic(new UsageRows(database.tenantDatabase()), new TrafficRows(), new SimpleMeterRegistry()),
                new DispatchSignal(),
                new JournalMetrics(new SimpleMeterRegistry()),
                Clock.systemUTC());
    }

    Prepared prepared(SendRequest request) {
        return preparation().prepare(live, terms, request, null, "send");
    }

    Prepared prepared(SendRequest request, String key) {
        return preparation().prepare(live, terms, request, IdempotencyKey.parse(List.of(key)), "send");
    }

    static Preparation preparation() {
        return new Preparation(new OneRoute(), Clock.systemUTC());
    }

    static SendRequest request(String to, String text, String purpose) {
        return new SendRequest(
                to, text, purpose, null, null, null, null, null, null, null, null, null, null, null, List.of());
    }

    /** Number {@code n} of the French fiction range. */
    static String number(int n) {
        return "+3363998%04d".formatted(n);
    }

    private String key() {
        return "t-" + tenant.value().toString().substring(24);
    }

    private static final class OneRoute implements Routes {

        @Override
        public List<Route> candidates(
                TenantId tenant, boolean testKey, String country, String e164, MessageClass messageClass) {
            return List.of(new Route(ACCOUNT, ACCOUNT, 0, null));
        }

        @Override
        public List<Route> candidates(
                TenantId tenant, boolean testKey, PhoneNumber recipient, MessageClass messageClass) {
            return List.of(new Route(ACCOUNT, ACCOUNT, 0, null));
        }

        @Override
        public Problem unserved(TenantId tenant, boolean testKey, PhoneNumber recipient, MessageClass messageClass) {
            throw new IllegalStateException("There is a route");
        }
    }
}
