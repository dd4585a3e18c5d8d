// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What is hashed is what is opened: the bytes whose digest was allowed are written to a directory of the server's own,
 * and only that copy is ever opened. The file it came from may change meanwhile without effect.
 */
final class PrivateCopies {

    private final Path directory;

    PrivateCopies(Path directory) {
        this.directory = directory;
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** @throws PluginRefused if the content is not the one with that digest any more, or cannot be written */
    Path copy(JarSource source, String sha256) {
        byte[] bytes = source.read();
        if (!sha256(bytes).equals(sha256)) {
            throw new PluginRefused("The file changed while it was read");
        }
        try {
            Files.createDirectories(directory, onlyOwner(directory, "rwx------"));
            Path written = Files.createTempFile(directory, sha256, ".part", onlyOwner(directory, "rw-------"));
            Files.write(written, bytes);
            return Files.move(
                    written,
                    directory.resolve(sha256 + ".jar"),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new PluginRefused("The file cannot be copied to the data directory");
        }
    }

    private static FileAttribute<?>[] onlyOwner(Path directory, String permissions) {
        return directory.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
