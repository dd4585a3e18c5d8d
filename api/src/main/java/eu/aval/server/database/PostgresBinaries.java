// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.database;

import eu.aval.server.shared.CannotStart;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's own programs, as zonky packs them: an archive on the class path, unpacked once into a folder. */
final class PostgresBinaries {

    private static final Logger log = LoggerFactory.getLogger(PostgresBinaries.class);
    private static final String SETTINGS = "Set AVAL_DB_URL to a PostgreSQL of your own.";

    private final Path directory;

    private PostgresBinaries(Path directory) {
        this.directory = directory;
    }

    Path program(String name) {
        return directory.resolve("bin").resolve(name);
    }

    /** Unpacks them into a folder of {@code parent} named by the archive's digest, unless an earlier start did. */
    static PostgresBinaries unpack(Path parent) {
        String archive = archive();
        try {
            Path directory = parent.resolve("binaries-" + digest(archive));
            if (!Files.isDirectory(directory)) {
                log.info("Unpacking PostgreSQL (once, about 3 s) ...");
                Path partial = Files.createTempDirectory(parent, "unpacking-");
                try (InputStream packed = open(archive);
                        XZInputStream unpacked = new XZInputStream(new BufferedInputStream(packed));
                        TarArchiveInputStream tar = new TarArchiveInputStream(unpacked)) {
                    unpack(tar, partial);
                }
                Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("rwxr-xr-x"));
                Files.move(partial, directory, StandardCopyOption.ATOMIC_MOVE);
                removeOthers(parent, directory);
            }
            return new PostgresBinaries(directory);
        } catch (IOException e) {
            throw new CannotStart(
                    "PostgreSQL cannot be unpacked into " + parent + ": " + e.getMessage(),
                    "Make room there (70 MB) and let this user write to it, or set AVAL_DATA to another folder.",
                    e);
        }
    }

    private static void unpack(TarArchiveInputStream tar, Path into) throws IOException {
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            Path file = into.resolve(entry.getName()).normalize();
            if (!file.startsWith(into)) {
                throw new IOException("The archive has an entry outside of itself");
            }
            if (entry.isDirectory()) {
                Files.createDirectories(file);
            } else if (entry.isSymbolicLink()) {
                Files.createDirectories(file.getParent());
                Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
            } else {
                Files.createDirectories(file.getParent());
                Files.copy(tar, file);
                boolean executable = (entry.getMode() & 0100) != 0;
                Files.setPosixFilePermissions(
                        file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
            }
        }
    }

    /** What older versions and broken starts left. */
    private static void removeOthers(Path parent, Path current) throws IOException {
        List<Path> others;
        try (Stream<Path> children = Files.list(parent)) {
            others = children.filter(child -> !child.equals(current))
                    .filter(child -> child.getFileName().toString().matches("(binaries|unpacking)-.*"))
                    .toList();
        }
        for (Path other : others) {
            delete(other);
        }
    }

    static void delete(Path tree) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> files = Files.walk(tree)) {
            deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : deepestFirst) {
            Files.delete(file);
        }
    }

    private static String archive() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        String archive = "postgres-"
                + (system.startsWith("mac") ? "darwin" : system)
                + "-"
                + (machine.equals("aarch64") ? "arm_64" : "x86_64")
                + ".txz";
        if (PostgresBinaries.class.getResource("/" + archive) == null) {
            throw new CannotStart(
                    "This build has no embedded PostgreSQL for " + system + " on " + machine + ".", SETTINGS);
        }
        return archive;
    }

    private static InputStream open(String archive) throws IOException {
        InputStream packed = PostgresBinaries.class.getResourceAsStream("/" + archive);
        if (packed == null) {
            throw new IOException("No " + archive + " on the class path");
        }
        return packed;
    }

    private static String digest(String archive) throws IOException {
        try (DigestInputStream packed = new DigestInputStream(open(archive), MessageDigest.getInstance("SHA-256"))) {
            packed.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(packed.getMessageDigest().digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
