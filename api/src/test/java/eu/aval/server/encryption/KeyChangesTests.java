// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.encryption;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.encryption.KeysetStore.Kind;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.shared.TenantId;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

final class KeyChangesTests {

    private static final PhoneNumber NUMBER = PhoneNumber.of("+33639980001", "FR");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TenantId tenant = new TenantId(UUID.randomUUID());
    private final AssociatedData place = new AssociatedData(tenant, "message", "text_sealed", UUID.randomUUID());

    @TempDir
    private Path directory;

    private KeysSetup setup;
    private CachedKeys node;
    private KeyChanges changes;

    @BeforeEach
    void makeANode() {
        setup = KeysSetup.in(directory);
        node = setup.cached();
        changes = new KeyChanges(setup.store(), setup.encryption(), node, Schedulers.boundedElastic());
    }

    @Test
    void addsAKeyThatWritesNothingYet() {
        TenantKeys before = keys();
        int id = draw(Kind.PRF);
        run(changes.add(tenant, Kind.PRF, id));

        assertThat(keys().indexPrefix()).isEqualTo(before.indexPrefix());
        assertThat(keys().index(NUMBER)).isEqualTo(before.index(NUMBER));
        assertThat(keys().indexes(NUMBER)).hasSize(2).first().isEqualTo(before.index(NUMBER));
        assertThat(keys().earlierIndexPrefixes()).containsExactly(octets(id));
        assertThat(keys().prfVersion()).isEqualTo(before.prfVersion() + 1);
    }

    @Test
    void writesUnderAPromotedKeyAndLooksUpUnderBoth() {
        TenantKeys before = keys();
        int id = draw(Kind.PRF);
        run(changes.add(tenant, Kind.PRF, id).then(changes.promote(tenant, Kind.PRF, id)));

        assertThat(keys().indexPrefix()).isEqualTo(octets(id));
        assertThat(keys().indexes(NUMBER)).containsExactly(keys().index(NUMBER), before.index(NUMBER));
        assertThat(keys().earlierIndexPrefixes()).containsExactly(before.indexPrefix());
    }

    @Test
    void opensWhatWasSealedBeforeUntilItsKeyIsDestroyed() {
        byte[] sealed = keys().seal("bonjour".getBytes(UTF_8), place);
        int id = draw(Kind.AEAD);
        run(changes.add(tenant, Kind.AEAD, id).then(changes.promote(tenant, Kind.AEAD, id)));

        assertThat(keys().open(sealed, place)).asString(UTF_8).isEqualTo("bonjour");
        byte[] resealed = keys().reseal(sealed, place);
        run(changes.keepOnly(tenant, Kind.AEAD, id));

        assertThat(keys().open(resealed, place)).asString(UTF_8).isEqualTo("bonjour");
        StepVerifier.create(Mono.fromCallable(() -> keys().open(sealed, place))).verifyError(SealBroken.class);
    }

    @Test
    void changesNothingWhenRepeated() {
        int id = draw(Kind.PRF);
        run(changes.add(tenant, Kind.PRF, id).then(changes.add(tenant, Kind.PRF, id)));
        run(changes.promote(tenant, Kind.PRF, id).then(changes.promote(tenant, Kind.PRF, id)));
        run(changes.keepOnly(tenant, Kind.PRF, id).then(changes.keepOnly(tenant, Kind.PRF, id)));

        assertThat(keys().prfVersion()).isEqualTo(4);
        assertThat(keys().earlierIndexPrefixes()).isEmpty();
    }

    @Test
    void destroysNothingForAKeyThatIsNotThePrimary() {
        int id = draw(Kind.PRF);
        run(changes.add(tenant, Kind.PRF, id));

        StepVerifier.create(changes.keepOnly(tenant, Kind.PRF, id)).verifyError(GeneralSecurityException.class);
        assertThat(keys().indexes(NUMBER)).hasSize(2);
    }

    @Test
    void leavesTheOtherKeysetAlone() {
        TenantKeys before = keys();
        int id = draw(Kind.AEAD);
        run(changes.add(tenant, Kind.AEAD, id).then(changes.promote(tenant, Kind.AEAD, id)));

        assertThat(keys().prfVersion()).isEqualTo(before.prfVersion());
        assertThat(keys().index(NUMBER)).isEqualTo(before.index(NUMBER));
    }

    @Test
    void makesOneKeyEncryptionKeyThoughItIsAskedTwice() {
        keys();
        String before = changes.keyEncryptionKey().block(PATIENCE);

        String renewed = changes.renewKeyEncryptionKey(before).block(PATIENCE);

        assertThat(renewed).isNotEqualTo(before);
        assertThat(changes.renewKeyEncryptionKey(before).block(PATIENCE)).isEqualTo(renewed);
        StepVerifier.create(changes.rewrap(10)).expectNext(2).verifyComplete();
        StepVerifier.create(changes.rewrap(10)).expectNext(0).verifyComplete();
        assertThat(setup.store().of(tenant).block(PATIENCE))
                .extracting(KeysetStore.Wrapped::kek)
                .containsOnly(renewed);
        assertThat(keys().aeadVersion()).as("no change of the keys in it").isEqualTo(1);
    }

    private TenantKeys keys() {
        return node.of(tenant).blockOptional(PATIENCE).orElseThrow();
    }

    private int draw(Kind kind) {
        return changes.drawId(tenant, kind).blockOptional(PATIENCE).orElseThrow();
    }

    private static void run(Mono<Void> change) {
        StepVerifier.create(change).expectComplete().verify(PATIENCE);
    }

    private static byte[] octets(int id) {
        return ByteBuffer.allocate(4).putInt(id).array();
    }
}
