// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.accept;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.encryption.KeysSetup;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.shared.TenantId;
import eu.aval.server.shared.TimeOrderedId;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeyHashesTests {

    private TenantKeys keys;

    @BeforeEach
    void create(@TempDir Path directory) {
        keys = Objects.requireNonNull(KeysSetup.in(directory)
                .node()
                .of(new TenantId(TimeOrderedId.next()))
                .block());
    }

    @Test
    void areTheSameForTheSameKey() {
        assertThat(hash(key("a").item(7))).isEqualTo(hash(key("a").item(7)));
        assertThat(hash(key("a"))).isEqualTo(hash(key("a")));
    }

    @Test
    void differForEveryItemAndForTheRequestByItself() {
        assertThat(List.of(hash(key("a")), hash(key("a").item(0)), hash(key("a").item(1)), hash(key("b").item(0))))
                .doesNotHaveDuplicates();
    }

    @Test
    void lieBesideEachOtherForTheItemsOfABatch() {
        byte[] first = hash(key("a").item(0));
        byte[] last = hash(key("a").item(9_999));

        assertThat(Arrays.copyOf(last, TenantKeys.INDEX_LENGTH))
                .isEqualTo(Arrays.copyOf(first, TenantKeys.INDEX_LENGTH))
                .isEqualTo(hash(key("a")));
        assertThat(Arrays.compareUnsigned(first, last)).isNegative();
    }

    private byte[] hash(IdempotencyKey key) {
        return new KeyHashes(keys).of(key).getFirst();
    }

    private static IdempotencyKey key(String value) {
        return Objects.requireNonNull(IdempotencyKey.parse(List.of(value)));
    }
}
