// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.dispatch;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PostgresSetup;
import eu.aval.server.audit.Actor;
import eu.aval.server.consent.LegalBasis;
import eu.aval.server.consent.Permissions;
import eu.aval.server.consent.Purpose;
import eu.aval.server.consent.Purposes;
import eu.aval.server.consent.RetentionClass;
import eu.aval.server.consent.Sender;
import eu.aval.server.consent.Senders;
import eu.aval.server.consent.Suppression;
import eu.aval.server.contact.Age;
import eu.aval.server.encryption.AssociatedData;
import eu.aval.server.encryption.Keys;
import eu.aval.server.encryption.KeysSetup;
import eu.aval.server.encryption.SubjectKey;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.message.store.QueueEngine;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.routing.Route;
import eu.aval.server.routing.Routes;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.tenant.store.KeysetTableSetup;
import eu.aval.spi.submit.MessageClass;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/** A database with a tenant whose messages wait, sealed as the journal seals them, and nodes that send them. */
public final class QueueSetup implements AutoCloseable {

    public static final String SENDER = "AVAL";

    private static final String INSERT = """
            with item as (
              select id, subject_id, decode(number_index, 'hex') as number_index, decode(number_sealed, 'hex') as number_sealed,
                decode(wrapped, 'hex') as wrapped, decode(text_sealed, 'hex') as text_sealed
              from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[])
                as i(id, subject_id, number_index, number_sealed, wrapped, text_sealed)
            ), subject as (
              insert into aval.subject (id, tenant_id, number_index, number_sealed, country)
              select subject_id, $7, number_index, number_sealed, 'FR' from item
            ), key as (
              insert into aval_keys.subject_key (subject_id, tenant_id, wrapped) select subject_id, $7, wrapped from item
            ), message as (
              insert into aval.message (id, tenant_id, subject_id, api_key_id, purpose_id, message_class, sender, country,
                text_sealed, encoding, parts, discard_text, verdict, status, status_at, expires_at, accepted_at,
                carrier_account_id)
              select id, $7, subject_id, $7, $8, $9, 'AVAL', 'FR', text_sealed, 'GSM7', $10, $14, '{}',
                'QUEUED', now(), $11, now(), $12
              from item
            )
            insert into aval.dispatch (message_id, tenant_id, carrier_account_id, lane, due_at, expires_at, parts)
            select id, $7, $12, $13, $15, $11, $10 from item""";

    public final FreshDatabase database = PostgresSetup.freshDatabase();
    public final TenantId tenant = new TenantId(TimeOrderedId.next());
    public final Keys keys;
    public final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    /** Who has opted out, by subject. */
    public final Set<UUID> suppressed = ConcurrentHashMap.newKeySet();

    private final Map<MessageClass, Purpose> purposes = Arrays.stream(MessageClass.values())
            .collect(Collectors.toMap(
                    Function.identity(),
                    each -> new Purpose(
                            TimeOrderedId.next(),
                            each.name().toLowerCase(java.util.Locale.ROOT),
                            each,
                            LegalBasis.CONTRACT,
                            RetentionClass.MESSAGE,
                            false)));
    private final List<DispatchNode> nodes = new ArrayList<>();

    public QueueSetup(Path directory) {
        this.keys = KeysSetup.in(directory, KeysetTableSetup.on(database.platformDatabase()))
                .node();
        database.execute(
                "insert into aval.tenant (id, key, name, rule_pack) values (?, 'test', 'Test', 'OPEN')",
                tenant.value());
    }

    /** What waits, in one go. */
    public record Batch(
            int messages,
            UUID accountId,
            MessageClass messageClass,
            int parts,
            Instant due,
            Instant expires,
            boolean discard) {

        public static Batch of(int messages, UUID accountId) {
            Instant now = Instant.now();
            return new Batch(
                    messages, accountId, MessageClass.TRANSACTIONAL, 1, now, now.plus(Duration.ofDays(1)), false);
        }

        public Batch as(MessageClass other) {
            return new Batch(messages, accountId, other, parts, due, expires, discard);
        }

        public Batch parts(int other) {
            return new Batch(messages, accountId, messageClass, other, due, expires, discard);
        }

        public Batch due(Instant other) {
            return new Batch(messages, accountId, messageClass, parts, other, expires, discard);
        }

        public Batch expires(Instant other) {
            return new Batch(messages, accountId, messageClass, parts, due, other, discard);
        }

        public Batch discarded() {
            return new Batch(messages, accountId, messageClass, parts, due, expires, true);
        }

        int lane() {
            return switch (messageClass) {
                case OTP -> 0;
                case TRANSACTIONAL, ALERT, SERVICE -> 1;
                case MARKETING, SURVEY -> 2;
            };
        }
    }

    public Mono<List<UUID>> queue(int messages, UUID accountId) {
        return queue(Batch.of(messages, accountId));
    }

    /** Ids of the messages, in the order in which they were queued. */
    public Mono<List<UUID>> queue(Batch batch) {
        return keys.of(tenant).flatMap(own -> insert(batch, own));
    }

    /** An account that processes in the EEA. */
    private void account(UUID id) {
        database.execute(
                "insert into aval.carrier_account (id, name, carrier_id, processing_countries) values (?, ?, 'none', '{FR}')"
                        + " on conflict do nothing",
                id,
                "a-" + id);
    }

    private Mono<List<UUID>> insert(Batch batch, TenantKeys own) {
        account(batch.accountId());
        UUID[] ids = fill(batch.messages(), UUID[]::new, i -> TimeOrderedId.next());
        UUID[] subjects = fill(batch.messages(), UUID[]::new, i -> TimeOrderedId.next());
        SubjectKey[] subjectKeys = fill(batch.messages(), SubjectKey[]::new, i -> own.createSubjectKey(subjects[i]));
        DatabaseClient client = database.platformClient();
        return client.sql(INSERT)
                .bind(0, ids)
                .bind(1, subjects)
                .bind(2, fill(ids.length, String[]::new, i -> hex(octets(subjects[i].toString()))))
                .bind(
                        3,
                        fill(
                                ids.length,
                                String[]::new,
                                i -> sealed(subjectKeys[i], "subject", "number_sealed", subjects[i], "+33639980000")))
                .bind(4, fill(ids.length, String[]::new, i -> hex(subjectKeys[i].wrapped())))
                .bind(
                        5,
                        fill(
                                ids.length,
                                String[]::new,
                                i -> sealed(subjectKeys[i], "message", "text_sealed", ids[i], "Bonjour " + i)))
                .bind(6, tenant.value())
                .bind(7, purposes.get(batch.messageClass()).id())
                .bind(8, batch.messageClass().name())
                .bind(9, batch.parts())
                .bind(10, time(batch.expires()))
                .bind(11, batch.accountId())
                .bind(12, batch.lane())
                .bind(13, batch.discard())
                .bind(14, time(batch.due()))
                .then()
                .thenReturn(List.of(ids));
    }

    private static OffsetDateTime time(Instant at) {
        return at.atOffset(ZoneOffset.UTC);
    }

    private static <T> T[] fill(
            int size, java.util.function.IntFunction<T[]> array, java.util.function.IntFunction<T> value) {
        return IntStream.range(0, size).mapToObj(value).toArray(array);
    }

    private static String hex(byte[] octets) {
        return HexFormat.of().formatHex(octets);
    }

    private String sealed(SubjectKey key, String table, String column, UUID row, String value) {
        return hex(key.seal(octets(value), new AssociatedData(tenant, table, column, row)));
    }

    private static byte[] octets(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    /** The queue as a new node sees it. */
    public QueueEngine engine() {
        return engine(Clock.systemUTC());
    }

    /** @param clock of the gate */
    public QueueEngine engine(Clock clock) {
        UUID nodeId = TimeOrderedId.next();
        // Nobody writes its heartbeats: it lives until a test says otherwise
        database.execute("insert into aval.node (id, name, heartbeat_at) values (?, 'test', 'infinity')", nodeId);
        return QueueEngine.of(
                nodeId,
                database.platformDatabase(),
                database.platformClient(),
                permissions(),
                new DeclaredPurposes(),
                new DeclaredSenders(),
                meters,
                clock);
    }

    /** A node that sends through these accounts; routes lead to them in this order. */
    DispatchNode node(FakeAccount... accounts) {
        return node(engine(), List.of(), accounts);
    }

    DispatchNode node(QueueEngine engine, List<SubmittedListener> listeners, FakeAccount... accounts) {
        return node(engine, new DispatchSignal(), new PendingIds(), listeners, accounts);
    }

    DispatchNode node(
            QueueEngine engine,
            DispatchSignal signal,
            PendingIds pendingIds,
            List<SubmittedListener> listeners,
            FakeAccount... accounts) {
        return node(engine, signal, pendingIds, listeners, null, accounts);
    }

    /** A node on a database that was restored from a backup. */
    DispatchNode restoredNode(Instant uncertainBefore, FakeAccount... accounts) {
        return node(engine(), new DispatchSignal(), new PendingIds(), List.of(), uncertainBefore, accounts);
    }

    private DispatchNode node(
            QueueEngine engine,
            DispatchSignal signal,
            PendingIds pendingIds,
            List<SubmittedListener> listeners,
            @Nullable Instant uncertainBefore,
            FakeAccount... accounts) {
        for (FakeAccount account : accounts) {
            account(account.id());
        }
        DispatchNode node = new DispatchNode(
                new FakeAccounts(accounts),
                routes(accounts),
                engine.queue(),
                engine.doubts(),
                engine.sweeps(),
                keys,
                pendingIds,
                signal,
                listeners,
                List.of(),
                new DispatchSettings(
                        true, 50, Set.of(), Duration.ofMillis(100), Duration.ofMinutes(1), uncertainBefore),
                meters,
                Clock.systemUTC());
        nodes.add(node);
        return node;
    }

    private static Routes routes(FakeAccount... accounts) {
        List<Route> routes = IntStream.range(0, accounts.length)
                .mapToObj(i -> new Route(UUID.randomUUID(), accounts[i].id(), i, null))
                .toList();
        return new Routes() {
            @Override
            public List<Route> candidates(
                    TenantId tenant, boolean testKey, String country, String e164, MessageClass messageClass) {
                return routes;
            }

            @Override
            public List<Route> candidates(
                    TenantId tenant, boolean testKey, PhoneNumber recipient, MessageClass messageClass) {
                return routes;
            }

            @Override
            public Problem unserved(
                    TenantId tenant, boolean testKey, PhoneNumber recipient, MessageClass messageClass) {
                throw new IllegalStateException("There is a route");
            }
        };
    }

    private Permissions permissions() {
        return (client, questions) -> Mono.fromSupplier(() -> questions.stream()
                .collect(Collectors.toMap(
                        Function.identity(),
                        question -> new Permissions.Answer(
                                null,
                                null,
                                Age.UNKNOWN,
                                suppressed.contains(question.subject())
                                        ? List.of(new Suppression(Suppression.ALL, Suppression.ALL))
                                        : List.of()))));
    }

    /** How many messages have a status. */
    public long in(String status) {
        return database.number("select count(*) from aval.message where status = ?", status);
    }

    public String status(UUID messageId) {
        return (String) database.value("select status from aval.message where id = ?", messageId);
    }

    public UUID subject(UUID messageId) {
        return (UUID) database.value("select subject_id from aval.message where id = ?", messageId);
    }

    public long waiting() {
        return database.number("select count(*) from aval.dispatch");
    }

    @Override
    public void close() {
        nodes.forEach(DispatchNode::abandon);
        database.close();
    }

    private final class DeclaredPurposes implements Purposes {
        @Override
        public Mono<Map<String, Purpose>> of(TenantId of) {
            return Mono.just(purposes.values().stream().collect(Collectors.toMap(Purpose::key, Function.identity())));
        }

        @Override
        public Mono<Purpose> declare(TenantId of, Declaration declaration, Actor actor) {
            return Mono.error(new UnsupportedOperationException());
        }

        @Override
        public Mono<Purpose> retire(TenantId of, String key, Actor actor) {
            return Mono.error(new UnsupportedOperationException());
        }
    }

    private static final class DeclaredSenders implements Senders {
        @Override
        public Mono<Map<String, Sender>> of(TenantId tenant) {
            return Mono.just(
                    Map.of(SENDER, new Sender(new UUID(7, 7), SENDER, Sender.Kind.ALPHANUMERIC, true, "36180", false)));
        }

        @Override
        public Mono<Sender> declare(TenantId tenant, Declaration declaration, Actor actor) {
            return Mono.error(new UnsupportedOperationException());
        }

        @Override
        public Mono<Sender> routeStops(TenantId tenant, String value, @Nullable String stopRoute, Actor actor) {
            return Mono.error(new UnsupportedOperationException());
        }

        @Override
        public Mono<Sender> retire(TenantId tenant, String value, Actor actor) {
            return Mono.error(new UnsupportedOperationException());
        }
    }
}
