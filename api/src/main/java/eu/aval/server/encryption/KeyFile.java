// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.encryption;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.KmsClient;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.subtle.AesGcmJce;
import eu.aval.server.shared.CannotStart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * Key-encryption keys in a file: a Tink keyset as JSON, in clear, that only its owner may read. Made when it is not
 * there. Each key has the address {@code aval-file:<id>}; {@code aval-file:} alone is the primary one.
 *
 * <p>Reads the file at each call: nodes that share it see a rotation of another at once, and it is asked rarely.
 */
final class KeyFile implements KmsClient, KeyEncryption.Source {

    static final String SCHEME = "aval-file:";

    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final Path file;
    private final Path directory;

    private KeyFile(Path file) {
        this.file = file;
        this.directory = Objects.requireNonNull(file.getParent(), "a file has a directory");
    }

    /**
     * @param needed whether it is made where it is missing
     * @throws CannotStart if others than its owner may read it, or if it cannot be read or made
     */
    static KeyFile open(Path path, boolean needed) {
        KeyFile keyFile = new KeyFile(path.toAbsolutePath());
        try {
            if (needed && !Files.exists(keyFile.file)) {
                keyFile.create();
            }
            if (Files.exists(keyFile.file)) {
                keyFile.read();
            }
        } catch (OpenToOthers e) {
            throw new CannotStart(
                    e.getMessage() + ".",
                    "Close it with chmod 600, and consider whether its keys are known by now.",
                    e);
        } catch (GeneralSecurityException | CharacterCodingException e) {
            throw new CannotStart(
                    "The key file " + keyFile.file + " is broken: it holds no keyset.",
                    "Put it back from its backup: nothing in the database opens without it.",
                    e);
        } catch (IOException e) {
            throw new CannotStart(
                    "The key file " + keyFile.file + " cannot be read, or made: " + e,
                    "Make room, and let this user read it and write to its directory.",
                    e);
        }
        return keyFile;
    }

    /** @throws CannotStart if it lacks one of these, as far as they are in a key file */
    void require(Collection<String> addresses) {
        for (String address : addresses) {
            if (!doesSupport(address)) {
                continue;
            }
            if (!Files.exists(file)) {
                throw new CannotStart(
                        "The key file " + file + " is missing, and keys in the database are wrapped under " + address
                                + ".",
                        "Put it back from its backup, or copy it from another node. A new one would open nothing.");
            }
            try {
                Aead unused = getAead(address);
            } catch (GeneralSecurityException e) {
                throw new CannotStart(
                        "The key file " + file + " has no key " + address
                                + ", under which keys in the database are wrapped: it is not the one of this database.",
                        "Put the right one there, from its backup or another node, or correct AVAL_DB_URL or AVAL_DATA.",
                        e);
            }
        }
    }

    @Override
    public boolean doesSupport(String address) {
        return address.startsWith(SCHEME);
    }

    @Override
    public KmsClient withCredentials(String credentialPath) {
        return this;
    }

    @Override
    public KmsClient withDefaultCredentials() {
        return this;
    }

    @Override
    public Aead getAead(String address) throws GeneralSecurityException {
        try {
            KeysetHandle keys = read();
            String id = address.substring(SCHEME.length());
            for (int i = 0; i < keys.size(); i++) {
                KeysetHandle.Entry entry = keys.getAt(i);
                boolean wanted = id.isEmpty() ? entry.isPrimary() : id.equals(Integer.toUnsignedString(entry.getId()));
                if (wanted && entry.getKey() instanceof AesGcmKey key) {
                    return AesGcmJce.create(key);
                }
            }
            throw new GeneralSecurityException("The key file " + file + " has no key " + address);
        } catch (IOException e) {
            throw new UncheckedIOException("The key file " + file + " cannot be read", e);
        }
    }

    @Override
    public String current() throws GeneralSecurityException {
        try {
            return SCHEME + Integer.toUnsignedString(read().getPrimary().getId());
        } catch (IOException e) {
            throw new UncheckedIOException("The key file " + file + " cannot be read", e);
        }
    }

    @Override
    public String renew() throws GeneralSecurityException {
        try (FileChannel lock = FileChannel.open(
                        file.resolveSibling(file.getFileName() + ".lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
                var held = lock.lock()) {
            if (!held.isValid()) {
                throw new IOException("no lock");
            }
            KeysetHandle keys = KeysetHandle.newBuilder(read())
                    .setConfiguration(AeadConfig2026.get())
                    .addEntry(KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                            .withRandomId()
                            .makePrimary())
                    .build();
            Path written = write(keys);
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            flushDirectory();
            return SCHEME + Integer.toUnsignedString(keys.getPrimary().getId());
        } catch (IOException e) {
            throw new UncheckedIOException("The key file " + file + " cannot be changed", e);
        }
    }

    private void create() throws GeneralSecurityException, IOException {
        Files.createDirectories(directory);
        Path written = write(KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, AeadConfig2026.get()));
        try {
            // fails if another node was faster, unlike a move
            Files.createLink(file, written);
        } catch (FileAlreadyExistsException e) {
            // its key is the one
        } finally {
            Files.deleteIfExists(written);
        }
        flushDirectory();
    }

    private Path write(KeysetHandle keys) throws GeneralSecurityException, IOException {
        String json =
                TinkJsonProtoKeysetFormat.serializeKeyset(keys, AeadConfig2026.get(), InsecureSecretKeyAccess.get());
        Path written = isPosix(directory)
                ? Files.createTempFile(directory, "kek", ".new", PosixFilePermissions.asFileAttribute(OWNER_ONLY))
                : Files.createTempFile(directory, "kek", ".new");
        try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(json);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        return written;
    }

    private static final class OpenToOthers extends IllegalStateException {
        OpenToOthers(Path file, Set<PosixFilePermission> permissions) {
            super("The key file " + file + " is open to others (" + PosixFilePermissions.toString(permissions) + ")");
        }
    }

    private KeysetHandle read() throws GeneralSecurityException, IOException {
        if (isPosix(file)) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (!OWNER_ONLY.containsAll(permissions)) {
                throw new OpenToOthers(file, permissions);
            }
        }
        return TinkJsonProtoKeysetFormat.parseKeyset(
                Files.readString(file), AeadConfig2026.get(), InsecureSecretKeyAccess.get());
    }

    private void flushDirectory() throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static boolean isPosix(Path path) {
        return Files.getFileAttributeView(path, PosixFileAttributeView.class) != null;
    }
}
