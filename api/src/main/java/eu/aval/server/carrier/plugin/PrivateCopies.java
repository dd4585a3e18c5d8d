// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is hashed is what is opened: the bytes whose digest was allowed are written to a directory of the server's own,
 * and only that copy is ever opened. The file it came from may change meanwhile without effect.
 */
final class PrivateCopies {

    private static final Logger log = LoggerFactory.getLogger(PrivateCopies.class);

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

    /**
     * A file of its own each time: the same jar may be opened again while it is still open from before.
     *
     * @throws PluginRefused if the content is not the one with that digest any more, or cannot be written
     */
    Path copy(JarSource source, String sha256) {
        byte[] bytes = source.read();
        if (!sha256(bytes).equals(sha256)) {
            throw new PluginRefused("The file changed while it was read");
        }
        try {
            Files.createDirectories(directory, onlyOwner(directory, "rwx------"));
            Path written = Files.createTempFile(directory, sha256 + "-", ".jar", onlyOwner(directory, "rw-------"));
            return Files.write(written, bytes);
        } catch (IOException e) {
            throw new PluginRefused("The file cannot be copied to the data directory");
        }
    }

    /** What is in the way of it goes at the next start. */
    static void delete(Path copy) {
        try {
            Files.deleteIfExists(copy);
        } catch (IOException e) {
            log.info("Cannot delete {} now; it goes at the next start", copy.getFileName());
        }
    }

    /** Deletes what a server that was killed has left behind. Nothing of it may be open. */
    void clear() throws IOException {
        if (Files.isDirectory(directory)) {
            try (Stream<Path> left = Files.list(directory)) {
                left.forEach(PrivateCopies::delete);
            }
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
