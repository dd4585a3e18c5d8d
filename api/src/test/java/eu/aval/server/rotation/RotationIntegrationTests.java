// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.rotation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import eu.aval.server.access.OperatorIdentities;
import eu.aval.server.audit.Actor;
import eu.aval.server.audit.AuditTrail;
import eu.aval.server.contact.Subjects;
import eu.aval.server.encryption.AssociatedData;
import eu.aval.server.encryption.KeyChanges;
import eu.aval.server.encryption.Keys;
import eu.aval.server.encryption.KeysSetup;
import eu.aval.server.encryption.KeysetStore;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.personaldata.PersonalDataHolder;
import eu.aval.server.rotation.KeyRotation.Kind;
import eu.aval.server.rotation.KeyRotation.State;
import eu.aval.server.rotation.KeyRotation.Step;
import eu.aval.server.rotation.RotationSteps.LeaseLost;
import eu.aval.server.rotation.store.RotationRows;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.server.tenant.KeyedColumns;
import eu.aval.server.tenant.KeyedDatabase;
import eu.aval.server.tenant.PlatformDatabase;
import eu.aval.server.tenant.TenantSetup;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.test.context.TestPropertySource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** The server's own node never comes to its turn: each test brings the nodes that work. */
@PlatformTest
@TestPropertySource(properties = "aval.rotation.poll=1h")
final class RotationIntegrationTests {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration LEASE = Duration.ofHours(1);
    private static final UUID OPERATOR = UUID.randomUUID();
    private static final String EVENT = "{\"ids\":[\"x\"],\"state\":\"DELIVERED\",\"at\":\"2026-11-26T00:00:00Z\"}";

    @Autowired
    private RotatingTenant.Beans beans;

    @Autowired
    private FreshDatabase database;

    @Autowired
    private PlatformDatabase platform;

    @Autowired
    private KeyedDatabase keyed;

    @Autowired
    private Keys keys;

    @Autowired
    private KeyChanges changes;

    @Autowired
    private KeysetStore keysets;

    @Autowired
    private KeyRotations rotations;

    @Autowired
    private RotationRows rows;

    @Autowired
    private AuditTrail audit;

    @Autowired
    private List<KeyedColumns> columns;

    @Autowired
    private List<PersonalDataHolder> holders;

    @Autowired
    private Subjects subjects;

    @Autowired
    private OperatorIdentities identities;

    @Autowired
    private Environment environment;

    @TempDir
    private Path directory;

    private RotatingTenant tenant;

    @BeforeEach
    void makeATenant() {
        tenant = new RotatingTenant(beans);
    }

    @Test
    void rotatesTheKeyEncryptionKeyUnderLoad() throws Exception {
        String before = currentKek();
        try (Traffic traffic = new Traffic(tenant).start()) {
            traffic.awaitSome();
            start(Kind.KEK, TenantId.PLATFORM);
            work(node(5));
            traffic.awaitSome();

            traffic.checkEverything();
        }

        KeyRotation rotation = last(Kind.KEK, TenantId.PLATFORM);
        assertThat(rotation.state()).isEqualTo(State.DONE);
        assertThat(rotation.key()).isEqualTo(currentKek()).isNotEqualTo(before);
        assertThat(database.number("select count(*) from aval.keyset where kek <> ?", currentKek()))
                .isZero();
        assertThat(rotation.carried()).isPositive();
        // without the earlier one, on a node that has nothing in memory
        Path file = directory.resolve("kek.json");
        Files.copy(
                Path.of(environment.getRequiredProperty("aval.data"), "kek.json"),
                file,
                StandardCopyOption.COPY_ATTRIBUTES);
        KeysSetup.keepNewestKeyOf(file);
        TenantKeys own = KeysSetup.in(directory, keysets).node().of(tenant.id).block(PATIENCE);
        assertThat(own.sealPrefix()).isEqualTo(keysOf(tenant.id).sealPrefix());
    }

    @Test
    void rotatesWhatSealsUnderLoad() throws Exception {
        byte[] before = keysOf(tenant.id).sealPrefix();
        UUID unowned = messageFromNobody();
        try (Traffic traffic = new Traffic(tenant).start()) {
            traffic.awaitSome();
            start(Kind.AEAD, tenant.id);
            work(node(5));
            traffic.awaitSome();

            traffic.checkEverything();
        }

        KeyRotation rotation = last(Kind.AEAD, tenant.id);
        assertThat(rotation.state()).isEqualTo(State.DONE);
        assertThat(rotation.carried()).isPositive();
        TenantKeys after = keysOf(tenant.id);
        assertThat(after.sealPrefix()).isNotEqualTo(before);
        assertThat(database.number(
                        "select count(*) from aval_keys.subject_key where tenant_id = ? and substring(wrapped, 1, 5) <> ?",
                        tenant.id.value(),
                        after.sealPrefix()))
                .isZero();
        byte[] text = (byte[]) database.value("select text_sealed from aval.inbound_message where id = ?", unowned);
        assertThat(after.open(text, new AssociatedData(tenant.id, "inbound_message", "text_sealed", unowned)))
                .asString(UTF_8)
                .isEqualTo("STOP");
        assertThat(numberOfKeys(KeysetStore.Kind.AEAD)).as("keys that are left").isEqualTo(1);
    }

    @Test
    void rotatesWhatIndexesUnderLoad() throws Exception {
        byte[] before = keysOf(tenant.id).indexPrefix();
        try (Traffic traffic = new Traffic(tenant).start()) {
            traffic.awaitSome();
            start(Kind.PRF, tenant.id);
            work(node(5));
            traffic.awaitSome();
            work(node(5));

            traffic.checkEverything();
        }

        KeyRotation waiting = last(Kind.PRF, tenant.id);
        assertThat(waiting.state()).isEqualTo(State.WAITING);
        assertThat(waiting.waitingFor()).containsExactly("idempotency.fingerprint", "idempotency.key_hash");
        assertThat(keysOf(tenant.id).earlierIndexPrefixes()).containsExactly(before);

        database.execute("delete from aval.idempotency where tenant_id = ?", tenant.id.value());
        workAgain(tenant.id, node(5));

        assertThat(last(Kind.PRF, tenant.id).state()).isEqualTo(State.DONE);
        assertThat(keysOf(tenant.id).earlierIndexPrefixes()).isEmpty();
        for (String column : List.of("subject.number_index", "suppression.number_index", "message.reference_index")) {
            String[] names = column.split("\\.", 2);
            assertThat(database.number(
                            "select count(*) from aval." + names[0] + " where tenant_id = ? and substring(" + names[1]
                                    + ", 1, 4) <> ?",
                            tenant.id.value(),
                            keysOf(tenant.id).indexPrefix()))
                    .as(column)
                    .isZero();
        }
        assertThat(tenant.messagesTo(1)).isNotEmpty();
    }

    @Test
    void keepsTheKeyOfObjectionsThatAnErasureLeft() {
        tenant.consent(1);
        tenant.optOut(1);
        erase();
        byte[] before = keysOf(tenant.id).indexPrefix();

        start(Kind.PRF, tenant.id);
        work(node(5));

        KeyRotation waiting = last(Kind.PRF, tenant.id);
        assertThat(waiting.state()).isEqualTo(State.WAITING);
        assertThat(waiting.remaining()).isEqualTo(2);
        assertThat(waiting.waitingFor()).containsExactly("suppression.number_index");
        assertThat(keysOf(tenant.id).earlierIndexPrefixes()).containsExactly(before);
        tenant.consent(1);
        assertThat(tenant.advertise(1)).isEqualTo(ProblemType.SUPPRESSED);

        // whoever consented has the number, and the objections come over with it
        workAgain(tenant.id, node(5));

        assertThat(last(Kind.PRF, tenant.id).state()).isEqualTo(State.DONE);
        assertThat(keysOf(tenant.id).earlierIndexPrefixes()).isEmpty();
        assertThat(tenant.advertise(1)).isEqualTo(ProblemType.SUPPRESSED);
    }

    @Test
    void letsTheNextRotationTakeOverWhatIsLeft() {
        tenant.optOut(1);
        erase();
        start(Kind.PRF, tenant.id);
        work(node(5));

        start(Kind.PRF, tenant.id);
        work(node(5));

        assertThat(rotations.list(tenant.id, 10, null).block(PATIENCE).rotations())
                .extracting(KeyRotation::state)
                .containsExactly(State.WAITING, State.SUPERSEDED);
        assertThat(keysOf(tenant.id).earlierIndexPrefixes()).hasSize(2);
        tenant.consent(1);
        assertThat(tenant.advertise(1)).isEqualTo(ProblemType.SUPPRESSED);
    }

    @Test
    void letsANodeWithEarlierKeysMakeNobodyTwice() {
        KeyedDatabase late = TenantSetup.keyedDatabase(database.tenantDatabase(), platform, anotherNode());
        UUID known = person(late, 1);
        start(Kind.PRF, tenant.id);
        work(node(5));

        assertThat(person(late, 1)).isEqualTo(known);
        assertThat(person(keyed, 1)).isEqualTo(known);
        assertThat(person(keyed, 2)).isEqualTo(person(late, 2));
        assertThat(tenant.people()).isEqualTo(2);
    }

    @Test
    void carriesNothingTwiceWithTwoNodes() {
        for (int n = 0; n < 60; n++) {
            tenant.send(n, null, null);
        }
        start(Kind.AEAD, tenant.id);

        Mono.when(node(3).work(), node(3).work(), node(3).work()).block(PATIENCE);

        assertThat(last(Kind.AEAD, tenant.id).state()).isEqualTo(State.DONE);
        assertThat(last(Kind.AEAD, tenant.id).carried()).isEqualTo(60);
    }

    @Test
    void goesOnWhereANodeWasKilled() {
        for (int n = 0; n < 30; n++) {
            tenant.send(n, null, null);
        }
        start(Kind.AEAD, tenant.id);
        UUID victim = UUID.randomUUID();
        RotationSteps steps = steps(victim, 4);
        KeyRotation stopped = claim(victim);
        while (stopped.carried() < 12) {
            RotationSteps.Next next = steps.next(stopped).block(PATIENCE);
            stopped = next.released() ? claim(victim) : next.rotation();
        }

        work(node(4));
        assertThat(last(Kind.AEAD, tenant.id).carried())
                .as("while its lease lasts")
                .isEqualTo(12);
        database.execute("update aval.key_rotation set leased_until = now() where leased_by = ?", victim);
        work(node(4));

        KeyRotation done = last(Kind.AEAD, tenant.id);
        assertThat(done.state()).isEqualTo(State.DONE);
        assertThat(done.carried()).isEqualTo(30);
        // it was not dead after all
        StepVerifier.create(steps.next(stopped)).verifyError(LeaseLost.class);
        assertThat(tenant.shown()).hasSize(30).allMatch(shown -> shown.startsWith("+33"));
    }

    @Test
    void doesAChangeOfKeysOnceThoughItIsRepeated() {
        start(Kind.PRF, tenant.id);
        UUID node = UUID.randomUUID();
        KeyRotation claimed = claim(node);
        KeyRotation drawn = steps(node, 5).next(claimed).block(PATIENCE).rotation();

        // killed after the key was added, before that was noted
        changes.add(tenant.id, KeysetStore.Kind.PRF, Integer.parseUnsignedInt(drawn.key()))
                .block(PATIENCE);
        assertThat(drawn.step()).isEqualTo(Step.ADD);
        release(drawn);
        work(node(5));

        assertThat(last(Kind.PRF, tenant.id).state()).isEqualTo(State.DONE);
        assertThat(HexFormat.of().formatHex(keysOf(tenant.id).indexPrefix()))
                .isEqualTo("%08x".formatted(Integer.parseUnsignedInt(drawn.key())));
        assertThat(numberOfKeys(KeysetStore.Kind.PRF)).isEqualTo(1);
    }

    @Test
    void rotatesWhatSealsForThePlatform() {
        TenantKeys before = keysOf(TenantId.PLATFORM);
        UUID account = TimeOrderedId.next();
        AssociatedData secretPlace =
                new AssociatedData(TenantId.PLATFORM, "carrier_account", "secrets.password", account);
        database.execute(
                "insert into aval.carrier_account (id, name, carrier_id, enabled, secrets)"
                        + " values (?, ?, 'none', false, jsonb_build_object('password', ?::text, 'user', 'env:USER'))",
                account,
                "s-" + account.toString().substring(24),
                "sealed:" + Base64.getEncoder().encodeToString(before.seal("secret".getBytes(UTF_8), secretPlace)));
        UUID parked = TimeOrderedId.next();
        AssociatedData parkedPlace = new AssociatedData(TenantId.PLATFORM, "parked_receipt", "event_sealed", parked);
        database.execute(
                "insert into aval.parked_receipt (id, carrier_account_id, carrier_message_ids, event_sealed,"
                        + " received_at, expires_at) values (?, ?, '{x}', ?, now(), now() + interval '1 hour')",
                parked,
                account,
                before.seal(EVENT.getBytes(UTF_8), parkedPlace));

        start(Kind.AEAD, TenantId.PLATFORM);
        work(node(5));

        assertThat(last(Kind.AEAD, TenantId.PLATFORM).state()).isEqualTo(State.DONE);
        TenantKeys after = keysOf(TenantId.PLATFORM);
        assertThat(after.sealPrefix()).isNotEqualTo(before.sealPrefix());
        var row = database.query(
                        "select secrets ->> 'password' as password, secrets ->> 'user' as reference, version"
                                + " from aval.carrier_account where id = ?",
                        account)
                .getFirst();
        String password = String.valueOf(row.get("password")).substring("sealed:".length());
        assertThat(after.open(Base64.getDecoder().decode(password), secretPlace))
                .asString(UTF_8)
                .isEqualTo("secret");
        assertThat(row).containsEntry("reference", "env:USER").containsEntry("version", 1);
        byte[] event = (byte[]) database.value("select event_sealed from aval.parked_receipt where id = ?", parked);
        assertThat(after.open(event, parkedPlace)).asString(UTF_8).isEqualTo(EVENT);
        database.execute("delete from aval.parked_receipt where id = ?", parked);
    }

    @Test
    void knowsPeopleOfIssuersThroughRotations() {
        String subject = "camille-" + tenant.id;
        UUID before = identities
                .of("https://login.example.com", subject)
                .block(PATIENCE)
                .id();

        start(Kind.AEAD, TenantId.PLATFORM);
        work(node(5));
        start(Kind.PRF, TenantId.PLATFORM);
        work(node(5));

        assertThat(last(Kind.AEAD, TenantId.PLATFORM).state()).isEqualTo(State.DONE);
        assertThat(last(Kind.PRF, TenantId.PLATFORM).waitingFor()).doesNotContain("operator_identity.subject_index");
        TenantKeys after = keysOf(TenantId.PLATFORM);
        assertThat((byte[]) database.value("select subject_index from aval.operator_identity where id = ?", before))
                .startsWith(after.indexPrefix());
        assertThat((byte[]) database.value("select subject_sealed from aval.operator_identity where id = ?", before))
                .startsWith(after.sealPrefix());
        assertThat(identities
                        .of("https://login.example.com", subject)
                        .block(PATIENCE)
                        .id())
                .isEqualTo(before);
    }

    @Test
    void letsCredentialsWorkUnderBothKeysUntilEachWasUsed() throws InterruptedException {
        String used = beans.rest().key(tenant.id);
        String other = beans.rest().key(tenant.id);
        start(Kind.PRF, TenantId.PLATFORM);
        work(node(5));
        assertThat(last(Kind.PRF, TenantId.PLATFORM).waitingFor()).contains("api_key.hash");

        beans.rest()
                .client(used)
                .get()
                .uri("/v1/messages")
                .exchange()
                .expectStatus()
                .isOk();
        database.execute("update aval.api_key set revoked_at = now() where prefix <> ?", used.split("_")[2]);
        database.execute("update aval.operator_token set revoked_at = now()");
        workAgain(TenantId.PLATFORM, node(5));

        assertThat(last(Kind.PRF, TenantId.PLATFORM).state()).isEqualTo(State.DONE);
        // longer than anything is remembered
        Thread.sleep(4_500);
        beans.rest()
                .client(used)
                .get()
                .uri("/v1/messages")
                .exchange()
                .expectStatus()
                .isOk();
        beans.rest()
                .client(other)
                .get()
                .uri("/v1/messages")
                .exchange()
                .expectStatus()
                .isUnauthorized();
    }

    @Test
    void carriesRecipientsOfTeamKeysOverWithTheirPeople() {
        UUID key = TimeOrderedId.next();
        database.execute(
                "insert into aval.api_key (id, tenant_id, name, kind, prefix, hash, scopes, requests_per_second)"
                        + " values (?, ?, 'team', 'TEAM', ?, '', '{messages:send}', 1)",
                key,
                tenant.id.value(),
                key.toString());
        TenantKeys before = keysOf(tenant.id);
        for (int n : List.of(1, 2)) {
            database.execute(
                    "insert into aval.api_key_recipient (api_key_id, tenant_id, number_index) values (?, ?, ?)",
                    key,
                    tenant.id.value(),
                    before.index(RotatingTenant.phoneNumber(n)));
        }
        tenant.send(1, null, null);

        start(Kind.PRF, tenant.id);
        work(node(5));

        assertThat(last(Kind.PRF, tenant.id).remaining()).isEqualTo(1);
        assertThat(last(Kind.PRF, tenant.id).waitingFor()).containsExactly("api_key_recipient.number_index");
        assertThat(recipients(key))
                .containsExactlyInAnyOrder(
                        hex(keysOf(tenant.id).index(RotatingTenant.phoneNumber(1))),
                        hex(before.index(RotatingTenant.phoneNumber(2))));

        database.execute("update aval.api_key set revoked_at = now() where id = ?", key);
        workAgain(tenant.id, node(5));

        assertThat(last(Kind.PRF, tenant.id).state()).isEqualTo(State.DONE);
        assertThat(recipients(key)).isEmpty();
    }

    @Test
    void refusesASecondOneOfTheSameKeys() {
        start(Kind.PRF, tenant.id);

        StepVerifier.create(rotations.start(Kind.PRF, tenant.id, Actor.SYSTEM))
                .verifyErrorSatisfies(
                        refused -> assertThat(((Problem) refused).type()).isEqualTo(ProblemType.CONFLICT));
        start(Kind.AEAD, tenant.id);
        work(node(5));
        StepVerifier.create(rotations.start(Kind.AEAD, new TenantId(UUID.randomUUID()), Actor.SYSTEM))
                .verifyErrorSatisfies(
                        refused -> assertThat(((Problem) refused).type()).isEqualTo(ProblemType.NOT_FOUND));
    }

    @Test
    void leavesATrace() {
        start(Kind.AEAD, tenant.id);
        work(node(5));

        assertThat(database.query(
                        "select action, actor from aval.audit_event where tenant_id = ?"
                                + " and action like 'key-rotation.%' order by id",
                        tenant.id.value()))
                .extracting(event -> event.get("action") + " by " + event.get("actor"))
                .containsExactly(
                        "key-rotation.started by operator:" + OPERATOR,
                        "key-rotation.promoted by system",
                        "key-rotation.done by system");
    }

    @Test
    void saysWhyItCannotGoOn() {
        KeyedColumns broken = new FailingColumns();
        start(Kind.AEAD, tenant.id);
        List<KeyedColumns> all = new ArrayList<>(columns);
        all.add(broken);
        work(node(5, all));

        KeyRotation stuck = last(Kind.AEAD, tenant.id);
        assertThat(stuck.state()).isEqualTo(State.RUNNING);
        assertThat(stuck.failure()).isEqualTo("UnsupportedOperationException");

        workAgain(tenant.id, node(5));
        assertThat(last(Kind.AEAD, tenant.id).state()).isEqualTo(State.DONE);
        assertThat(last(Kind.AEAD, tenant.id).failure()).isNull();
    }

    private void start(Kind kind, TenantId owner) {
        StepVerifier.create(rotations.start(kind, owner, Actor.operator(OPERATOR)))
                .assertNext(begun -> assertThat(begun.state()).isEqualTo(State.RUNNING))
                .verifyComplete();
    }

    private static void work(RotationNode node) {
        StepVerifier.create(node.work()).expectComplete().verify(PATIENCE);
    }

    /** Before the time that it rests is over. */
    private void workAgain(TenantId owner, RotationNode node) {
        database.execute("update aval.key_rotation set next_at = now() where tenant_id = ?", owner.value());
        work(node);
    }

    private KeyRotation last(Kind kind, TenantId owner) {
        return rotations.list(owner, 50, null).block(PATIENCE).rotations().stream()
                .filter(rotation -> rotation.kind() == kind)
                .findFirst()
                .orElseThrow();
    }

    private KeyRotation claim(UUID node) {
        return platform.in(client -> rows.claim(client, node, LEASE))
                .blockOptional(PATIENCE)
                .orElseThrow();
    }

    private void release(KeyRotation rotation) {
        platform.in(client -> rows.release(client, rotation, Duration.ZERO)).block(PATIENCE);
    }

    private RotationNode node(int batch) {
        return node(batch, columns);
    }

    private RotationNode node(int batch, List<KeyedColumns> all) {
        UUID id = UUID.randomUUID();
        RotationMetrics metrics = new RotationMetrics(new SimpleMeterRegistry());
        return new RotationNode(id, settings(batch), platform, rows, steps(id, batch, all, metrics), metrics);
    }

    private RotationSteps steps(UUID node, int batch) {
        return steps(node, batch, columns, new RotationMetrics(new SimpleMeterRegistry()));
    }

    private RotationSteps steps(UUID node, int batch, List<KeyedColumns> all, RotationMetrics metrics) {
        return new RotationSteps(node, settings(batch), platform, keyed, changes, rows, audit, all, metrics);
    }

    /** Without pauses, but for the one before what has to expire is looked at again. */
    private static RotationSettings settings(int batch) {
        return new RotationSettings(
                Duration.ofHours(1),
                Duration.ZERO,
                Duration.ZERO,
                Duration.ofHours(1),
                batch,
                Duration.ofMillis(1),
                LEASE);
    }

    private TenantKeys keysOf(TenantId owner) {
        return keys.refresh(owner).blockOptional(PATIENCE).orElseThrow();
    }

    /** It reads its keys once, and then only when it has to. */
    private Keys anotherNode() {
        try {
            Files.copy(
                    Path.of(environment.getRequiredProperty("aval.data"), "kek.json"),
                    directory.resolve("kek.json"),
                    StandardCopyOption.COPY_ATTRIBUTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return KeysSetup.in(directory, keysets).node();
    }

    private UUID person(KeyedDatabase node, int n) {
        var number = RotatingTenant.phoneNumber(n);
        return node.in(tenant.id, (client, own) -> subjects.findOrCreate(client, own, List.of(number)))
                .map(found -> Objects.requireNonNull(found.get(number)).id())
                .blockOptional(PATIENCE)
                .orElseThrow();
    }

    private void erase() {
        UUID subject = (UUID) database.value("select id from aval.subject where tenant_id = ?", tenant.id.value());
        Flux.fromIterable(holders.stream()
                        .sorted(Comparator.comparing(PersonalDataHolder::order))
                        .toList())
                .concatMap(holder -> holder.erase(tenant.id, subject))
                .blockLast(PATIENCE);
    }

    /** From a short code: no person's key could seal it. */
    private UUID messageFromNobody() {
        UUID id = TimeOrderedId.next();
        database.execute(
                "insert into aval.inbound_message (id, tenant_id, carrier_account_id, carrier_message_id, recipient,"
                        + " text_sealed, complete, received_at) values (?, ?, ?, ?, 'AVAL', ?, true, now())",
                id,
                tenant.id.value(),
                id,
                id.toString(),
                keysOf(tenant.id)
                        .seal(
                                "STOP".getBytes(UTF_8),
                                new AssociatedData(tenant.id, "inbound_message", "text_sealed", id)));
        return id;
    }

    private int numberOfKeys(KeysetStore.Kind kind) {
        return KeysSetup.numberOfKeys(
                Path.of(environment.getRequiredProperty("aval.data")),
                keysets.of(tenant.id).block(PATIENCE).stream()
                        .filter(keyset -> keyset.kind() == kind)
                        .findFirst()
                        .orElseThrow());
    }

    private List<String> recipients(UUID key) {
        return database.query("select number_index from aval.api_key_recipient where api_key_id = ?", key).stream()
                .map(row -> hex((byte[]) Objects.requireNonNull(row.get("number_index"))))
                .toList();
    }

    private static String hex(byte[] octets) {
        return HexFormat.of().formatHex(octets);
    }

    private String currentKek() {
        return changes.keyEncryptionKey().blockOptional(PATIENCE).orElseThrow();
    }
}
