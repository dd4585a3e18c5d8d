// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.encryption;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.shared.TenantId;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

final class TenantKeysTests {

    private static final PhoneNumber NUMBER = PhoneNumber.of("+33639980001", "FR");

    private final TenantId tenant = new TenantId(UUID.randomUUID());
    private final UUID row = UUID.randomUUID();
    private final AssociatedData place = new AssociatedData(tenant, "message", "text_sealed", row);

    @TempDir
    private Path directory;

    @Test
    void opensWhatItSealed() {
        withKeys(keys -> {
            byte[] sealed = keys.seal("bonjour".getBytes(UTF_8), place);

            assertThat(keys.open(sealed, place)).asString(UTF_8).isEqualTo("bonjour");
            assertThat(new String(sealed, UTF_8)).doesNotContain("bonjour");
            assertThat(sealed).startsWith(keys.sealPrefix());
        });
    }

    @Test
    void doesNotOpenElsewhere() {
        withKeys(keys -> {
            SubjectKey subject = keys.createSubjectKey(UUID.randomUUID());
            byte[] sealed = keys.seal(new byte[] {1}, place);
            byte[] sealedForSubject = subject.seal(new byte[] {1}, place);

            for (AssociatedData elsewhere : List.of(
                    new AssociatedData(tenant, "message", "text_sealed", UUID.randomUUID()),
                    new AssociatedData(tenant, "message", "reference_sealed", row),
                    new AssociatedData(tenant, "receipt", "text_sealed", row))) {
                assertThatThrownBy(() -> keys.open(sealed, elsewhere)).isInstanceOf(SealBroken.class);
                assertThatThrownBy(() -> subject.open(sealedForSubject, elsewhere))
                        .isInstanceOf(SealBroken.class);
            }
        });
    }

    @Test
    void refusesThePlaceOfAnotherTenant() {
        AssociatedData foreign = new AssociatedData(new TenantId(UUID.randomUUID()), "message", "text_sealed", row);

        withKeys(keys -> assertThatThrownBy(() -> keys.seal(new byte[] {1}, foreign))
                .isInstanceOf(IllegalArgumentException.class));
    }

    @Test
    void doesNotOpenWhatWasChanged() {
        withKeys(keys -> {
            SubjectKey subject = keys.createSubjectKey(UUID.randomUUID());
            byte[] sealed = subject.seal("bonjour".getBytes(UTF_8), place);

            for (int i = 0; i < sealed.length; i++) {
                byte[] changed = sealed.clone();
                changed[i] ^= 1;
                assertThatThrownBy(() -> subject.open(changed, place))
                        .isInstanceOf(SealBroken.class)
                        .hasMessageNotContaining("bonjour");
            }
            assertThatThrownBy(() -> subject.open(new byte[0], place)).isInstanceOf(SealBroken.class);
        });
    }

    @Test
    void opensASubjectsKeyForThatSubjectOnly() {
        withKeys(keys -> {
            UUID subjectId = UUID.randomUUID();
            SubjectKey created = keys.createSubjectKey(subjectId);
            byte[] sealed = created.seal("bonjour".getBytes(UTF_8), place);

            assertThat(keys.subjectKey(subjectId, created.wrapped()).open(sealed, place))
                    .asString(UTF_8)
                    .isEqualTo("bonjour");
            assertThatThrownBy(() -> keys.subjectKey(UUID.randomUUID(), created.wrapped()))
                    .isInstanceOf(SealBroken.class);
        });
    }

    @Test
    void indexesTheSameNumberAlike() {
        withKeys(keys -> {
            byte[] index = keys.index(NUMBER);

            assertThat(index).hasSize(20).startsWith(keys.indexPrefix()).isEqualTo(keys.index(NUMBER));
            assertThat(keys.indexes(NUMBER)).singleElement().isEqualTo(index);
            assertThat(keys.index(PhoneNumber.of("+33639980002", "FR"))).isNotEqualTo(index);
        });
    }

    @Test
    void keepsDomainsOfIndexesApart() {
        withKeys(keys -> {
            byte[] value = "+33639980001".getBytes(UTF_8);

            assertThat(keys.index("reference", value))
                    .isNotEqualTo(keys.index("idempotency-key", value))
                    .isNotEqualTo(keys.index(NUMBER));
        });
    }

    @Test
    void givesTenantsDifferentKeys() {
        KeysSetup setup = KeysSetup.in(directory);
        Keys keys = setup.node();

        StepVerifier.create(Mono.zip(keys.of(tenant), keys.of(new TenantId(UUID.randomUUID())))
                        .map(both -> Arrays.equals(
                                both.getT1().index(NUMBER), both.getT2().index(NUMBER))))
                .expectNext(false)
                .verifyComplete();
    }

    @Test
    void agreesBetweenNodesThatMeetATenantAtOnce() {
        KeysSetup setup = KeysSetup.in(directory);

        StepVerifier.create(Flux.range(0, 16)
                        .flatMap(node -> setup.node().of(tenant).subscribeOn(Schedulers.parallel()))
                        .map(keys -> List.of(keys.index(NUMBER)[0], keys.index(NUMBER)[19], keys.sealPrefix()[4]))
                        .distinct()
                        .count())
                .expectNext(1L)
                .verifyComplete();
    }

    @Test
    void showsNothingInItsText() {
        withKeys(keys -> assertThat(keys.toString() + keys.createSubjectKey(row))
                .isEqualTo("TenantKeys[" + tenant + ", AEAD 1, PRF 1]SubjectKey[" + row + "]"));
    }

    private void withKeys(java.util.function.Consumer<TenantKeys> check) {
        StepVerifier.create(KeysSetup.in(directory).node().of(tenant))
                .assertNext(check)
                .verifyComplete();
    }
}
