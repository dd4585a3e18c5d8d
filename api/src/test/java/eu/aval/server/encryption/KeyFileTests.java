// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import eu.aval.server.shared.CannotStart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KeyFileTests {

    @TempDir
    private Path directory;

    @Test
    void isMadeForItsOwnerOnly() throws IOException {
        Path file = directory.resolve("data/kek.json");

        KeyFile.open(file, true);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (var files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void isNotMadeWhereItIsNotNeeded() {
        KeyFile.open(directory.resolve("kek.json"), false);

        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void isRefusedWhenOthersMayReadIt() throws IOException {
        Path file = directory.resolve("kek.json");
        KeyFile.open(file, true);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(() -> KeyFile.open(file, true))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining("open to others (rw-r-----)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"primaryKeyId\":12", "\u00ff"})
    void isRefusedWhenItIsBroken(String content) throws IOException {
        Path file = directory.resolve("kek.json");
        KeyFile.open(file, true);
        Files.writeString(file, content, StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> KeyFile.open(file, true))
                .isInstanceOf(CannotStart.class)
                .hasMessage("The key file " + file + " is broken: it holds no keyset.");
    }

    @Test
    void isRefusedWhenItIsMissingOrAnotherThanTheOneInUse() throws GeneralSecurityException, IOException {
        Path path = directory.resolve("kek.json");
        List<String> inUse = List.of(KeyFile.open(path, true).current(), "another-service://key");
        KeyFile.open(path, true).require(inUse);

        Files.delete(path);
        assertThatThrownBy(() -> KeyFile.open(path, false).require(inUse))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining(path + " is missing");
        assertThat(directory).isEmptyDirectory();

        assertThatThrownBy(() -> KeyFile.open(path, true).require(inUse))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining("not the one of this database");
    }

    @Test
    void opensAfterARestart() throws GeneralSecurityException {
        Path file = directory.resolve("kek.json");
        KeyFile first = KeyFile.open(file, true);
        String address = first.current();
        byte[] sealed = first.getAead(address).encrypt(new byte[] {1, 2, 3}, new byte[0]);

        KeyFile second = KeyFile.open(file, true);

        assertThat(second.current()).isEqualTo(address).matches("aval-file:[0-9]+");
        assertThat(second.getAead(address).decrypt(sealed, new byte[0])).containsExactly(1, 2, 3);
    }

    @Test
    void keepsEarlierKeysWhenRenewed() throws GeneralSecurityException {
        KeyFile file = KeyFile.open(directory.resolve("kek.json"), true);
        String first = file.current();
        byte[] sealed = file.getAead(first).encrypt(new byte[] {1}, new byte[0]);

        String second = file.renew();

        assertThat(second).isNotEqualTo(first).isEqualTo(file.current());
        assertThat(file.getAead(first).decrypt(sealed, new byte[0])).containsExactly(1);
        assertThatThrownBy(() -> file.getAead(second).decrypt(sealed, new byte[0]))
                .isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void becomesOneFileWhenManyMakeIt() {
        Path path = directory.resolve("kek.json");

        long different = IntStream.range(0, 8)
                .parallel()
                .mapToObj(i -> {
                    try {
                        return KeyFile.open(path, true).current();
                    } catch (GeneralSecurityException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .distinct()
                .count();

        assertThat(different).isEqualTo(1);
    }

    @Test
    void namesTheAddressItLacks() {
        KeyFile file = KeyFile.open(directory.resolve("kek.json"), true);

        assertThatThrownBy(() -> file.getAead("aval-file:1"))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessageContaining("aval-file:1");
    }
}
