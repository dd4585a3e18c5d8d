// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/** Random passwords of the embedded PostgreSQL's logins: one file each, readable by this user only. */
final class Credentials {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path folder;

    private Credentials(Path folder) {
        this.folder = folder;
    }

    static Credentials in(Path home) throws IOException {
        Path folder = home.resolve("passwords");
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        return new Credentials(folder);
    }

    /** The file with a login's password, made the first time. */
    Path file(String login) throws IOException {
        Path file = folder.resolve(login);
        if (!Files.exists(file)) {
            byte[] random = new byte[24];
            RANDOM.nextBytes(random);
            Path next = Files.createTempFile(
                    folder,
                    login,
                    ".next",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(next, Base64.getUrlEncoder().withoutPadding().encodeToString(random));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return file;
    }

    String password(String login) {
        try {
            return Files.readString(file(login), StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
