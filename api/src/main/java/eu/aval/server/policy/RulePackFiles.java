// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * Rule packs of the class path and of a directory: each a YAML file beside its signature, {@code <file>.sig}, Ed25519 in
 * base64 by a key that is trusted. A file in the directory replaces a pack of the class path that has its id and a lower
 * version. Reads all of them or errors: what is wrong with one is not to be overlooked. Blocks.
 */
final class RulePackFiles {

    private static final Logger log = LoggerFactory.getLogger(RulePackFiles.class);

    private static final String EXTENSION = ".yaml";
    private static final String SIGNATURE = ".sig";
    private static final String BUNDLED = "classpath*:rulepacks/*";
    private static final int LARGEST = 1 << 20;

    private final @Nullable Path directory;
    private final List<PublicKey> trusted;
    private final PathMatchingResourcePatternResolver resources = new PathMatchingResourcePatternResolver();

    /**
     * @param directory null if there is none; it need not exist
     * @param trusted public keys in PEM, besides those of the class path
     */
    RulePackFiles(@Nullable Path directory, List<String> trusted) {
        this.directory = directory;
        this.trusted = new ArrayList<>();
        try {
            for (Resource key : resources.getResources(BUNDLED + ".pem")) {
                this.trusted.add(
                        key(String.valueOf(key.getFilename()), key.getContentAsString(StandardCharsets.UTF_8)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (String pem : trusted) {
            this.trusted.add(key("aval.rule-packs.trusted-keys", pem));
        }
    }

    /** By id. */
    Map<String, RulePack> read() {
        Map<String, RulePack> packs = new TreeMap<>();
        try {
            for (Resource resource : resources.getResources(BUNDLED + EXTENSION)) {
                String file = String.valueOf(resource.getFilename());
                Resource signature = resource.createRelative(file + SIGNATURE);
                RulePack pack = read(
                        file,
                        resource.getContentAsByteArray(),
                        signature.exists() ? signature.getContentAsByteArray() : null);
                if (packs.put(pack.id(), pack) != null) {
                    throw new RulePackRefused(file, "id", "is the id of another bundled pack, too");
                }
            }
            Map<String, RulePack> added = new TreeMap<>();
            for (Path path : files()) {
                Path signature = path.resolveSibling(path.getFileName() + SIGNATURE);
                RulePack pack = read(
                        path.toString(),
                        content(path),
                        Files.isRegularFile(signature) ? Files.readAllBytes(signature) : null);
                RulePack bundled = packs.get(pack.id());
                if (bundled == null || bundled.version() < pack.version()) {
                    added.put(pack.id(), pack);
                } else {
                    log.warn("{} is not used: {} comes with the server and is as new", path, bundled.label());
                }
            }
            packs.putAll(added);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packs;
    }

    /** Changes when a file does. */
    String stamp() {
        StringBuilder stamp = new StringBuilder();
        try {
            for (Path path : files()) {
                for (Path each : List.of(path, path.resolveSibling(path.getFileName() + SIGNATURE))) {
                    stamp.append(each.getFileName()).append(' ');
                    if (Files.exists(each)) {
                        stamp.append(Files.size(each))
                                .append('@')
                                .append(Files.getLastModifiedTime(each))
                                .append('\n');
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return stamp.toString();
    }

    private static byte[] content(Path path) throws IOException {
        if (Files.size(path) > LARGEST) {
            throw new RulePackRefused(path.toString(), "", "is larger than any rule pack");
        }
        return Files.readAllBytes(path);
    }

    private List<Path> files() throws IOException {
        if (directory == null || !Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(EXTENSION))
                    .sorted()
                    .toList();
        }
    }

    private RulePack read(String file, byte[] content, byte @Nullable [] signature) {
        if (signature == null) {
            throw new RulePackRefused(file, "", "has no signature: " + SIGNATURE + " beside it is missing");
        }
        if (!isSigned(content, signature)) {
            throw new RulePackRefused(file, "", "is not signed by a key that is trusted, or was changed afterwards");
        }
        RulePack pack = RulePackYaml.read(file, content);
        if (!Path.of(file).getFileName().toString().equals(pack.id() + EXTENSION)) {
            throw new RulePackRefused(file, "id", "is not the name of the file");
        }
        return pack;
    }

    private boolean isSigned(byte[] content, byte[] signature) {
        byte[] octets;
        try {
            octets = Base64.getDecoder().decode(new String(signature, StandardCharsets.US_ASCII).strip());
        } catch (IllegalArgumentException e) {
            return false;
        }
        for (PublicKey key : trusted) {
            try {
                Signature verification = Signature.getInstance("Ed25519");
                verification.initVerify(key);
                verification.update(content);
                if (verification.verify(octets)) {
                    return true;
                }
            } catch (GeneralSecurityException e) {
                // Not by this key
            }
        }
        return false;
    }

    private static PublicKey key(String from, String pem) {
        String base64 = pem.replaceAll("-----[A-Z ]+-----|\\s", "");
        try {
            return KeyFactory.getInstance("Ed25519")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw new RulePackRefused(from, "", "is no Ed25519 public key in PEM");
        }
    }
}
