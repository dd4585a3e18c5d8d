// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.account;

import eu.aval.server.carrier.ConfiguredAccount;
import eu.aval.server.encryption.AssociatedData;
import eu.aval.server.encryption.Keys;
import eu.aval.server.encryption.SealBroken;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.TenantId;
import eu.aval.spi.config.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Secrets of accounts: references stay references until the account is opened, values are sealed under the platform's
 * keyset and bound to the account and the name. Whoever may configure an account could send what a reference leads to
 * to a host of their choice, so references reach no further than they need: files below the configured directories,
 * and no variable of the server's own.
 */
final class AccountSecrets {

    static final String SEALED = "sealed:";

    private static final String ENVIRONMENT = "env:";
    private static final String FILE = "file:";
    private static final String OWN_VARIABLES = "AVAL_";
    private static final int MAXIMUM_BYTES = 16 << 10;

    private final Keys keys;
    private final List<Path> directories;
    private final UnaryOperator<@Nullable String> environment;

    AccountSecrets(Keys keys, List<Path> directories, UnaryOperator<@Nullable String> environment) {
        this.keys = keys;
        this.directories = directories.stream()
                .map(path -> path.toAbsolutePath().normalize())
                .toList();
        this.environment = environment;
    }

    static boolean isReference(String value) {
        return value.startsWith(ENVIRONMENT) || value.startsWith(FILE);
    }

    /** How a stored secret is shown. */
    static String shown(String stored) {
        return isReference(stored) ? stored : ConfiguredAccount.SEALED;
    }

    /** What is wrong with a reference as it is written; null when nothing is, or it is not a reference. */
    Problem.@Nullable Field check(String name, String value) {
        String wrong = null;
        if (value.isEmpty()) {
            wrong = "Is empty";
        } else if (value.startsWith(ENVIRONMENT) && value.startsWith(OWN_VARIABLES, ENVIRONMENT.length())) {
            wrong = "Variables that begin with " + OWN_VARIABLES + " are the server's own";
        } else if (value.startsWith(FILE) && !isInside(value.substring(FILE.length()))) {
            wrong = "Secret files lie in " + directories;
        } else if (value.startsWith(SEALED)) {
            wrong = "Is a secret or a reference";
        }
        return wrong == null ? null : new Problem.Field("/settings/" + name, "NOT_ALLOWED", wrong);
    }

    /**
     * Ready to be stored: references as they are, values sealed.
     *
     * @param before as stored; a value that is the same stays sealed as it is
     */
    static Map<String, String> seal(
            TenantKeys platform, UUID account, Map<String, String> given, Map<String, String> before) {
        Map<String, String> stored = new HashMap<>();
        given.forEach((name, value) ->
                stored.put(name, stored(platform, account, name, value, before.getOrDefault(name, ""))));
        return stored;
    }

    private static String stored(TenantKeys keys, UUID account, String name, String value, String before) {
        if (isReference(value)) {
            return value;
        }
        return isSealed(keys, account, name, value, before) ? before : SEALED + seal(keys, account, name, value);
    }

    private static boolean isSealed(TenantKeys keys, UUID account, String name, String value, String stored) {
        try {
            return stored.startsWith(SEALED)
                    && MessageDigest.isEqual(
                            keys.open(sealed(stored), place(account, name)), value.getBytes(StandardCharsets.UTF_8));
        } catch (SealBroken broken) {
            return false;
        }
    }

    private static String seal(TenantKeys keys, UUID account, String name, String value) {
        byte[] bytes = keys.seal(value.getBytes(StandardCharsets.UTF_8), place(account, name));
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** The values; {@link NotOpened} when one of them cannot be had. */
    Mono<Map<String, Secret>> resolve(UUID account, Map<String, String> stored) {
        if (stored.isEmpty()) {
            return Mono.just(Map.of());
        }
        return resolve(keys.of(TenantId.PLATFORM), account, stored)
                // another node may have sealed it a moment ago under a key that this one does not know yet
                .onErrorResume(
                        NotOpened.class,
                        failure -> stored.values().stream().anyMatch(value -> value.startsWith(SEALED))
                                ? resolve(keys.refresh(TenantId.PLATFORM), account, stored)
                                : Mono.error(failure));
    }

    private Mono<Map<String, Secret>> resolve(Mono<TenantKeys> platform, UUID account, Map<String, String> stored) {
        return platform.publishOn(Schedulers.boundedElastic()).map(own -> {
            Map<String, Secret> values = new HashMap<>();
            stored.forEach((name, value) -> values.put(name, Secret.of(resolve(own, account, name, value))));
            return values;
        });
    }

    /** Whether a stored secret is sealed under another key than the one that seals now. */
    static boolean isUnderEarlierKey(TenantKeys platform, String stored) {
        byte[] prefix = platform.sealPrefix();
        return stored.startsWith(SEALED) && !Arrays.equals(prefix, Arrays.copyOf(sealed(stored), prefix.length));
    }

    /**
     * The same secret under the key that seals now.
     *
     * @throws SealBroken if it is not this account's
     */
    static String reseal(TenantKeys platform, UUID account, String name, String stored) {
        return SEALED + Base64.getEncoder().encodeToString(platform.reseal(sealed(stored), place(account, name)));
    }

    private static byte[] sealed(String stored) {
        return Base64.getDecoder().decode(stored.substring(SEALED.length()));
    }

    private String resolve(TenantKeys own, UUID account, String name, String stored) {
        if (stored.startsWith(ENVIRONMENT)) {
            @Nullable
            String value =
                    check(name, stored) == null ? environment.apply(stored.substring(ENVIRONMENT.length())) : null;
            if (value == null) {
                throw new NotOpened("Setting " + name + " refers to a variable that is not set");
            }
            return value;
        }
        if (stored.startsWith(FILE)) {
            return read(name, Path.of(stored.substring(FILE.length())));
        }
        try {
            return new String(own.open(sealed(stored), place(account, name)), StandardCharsets.UTF_8);
        } catch (SealBroken | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new NotOpened("Setting " + name + " is sealed and does not open: give it again");
        }
    }

    private String read(String name, Path file) {
        try {
            // links count by where they lead
            if (!isInside(file) || !isInsideReally(file.toRealPath())) {
                throw new NotOpened("Setting " + name + " refers to a file outside of " + directories);
            }
            try (InputStream content = Files.newInputStream(file)) {
                byte[] bytes = content.readNBytes(MAXIMUM_BYTES);
                return new String(bytes, StandardCharsets.UTF_8).stripTrailing();
            }
        } catch (IOException e) {
            throw new NotOpened("Setting " + name + " refers to a file that cannot be read");
        }
    }

    private boolean isInside(String file) {
        try {
            return isInside(Path.of(file));
        } catch (InvalidPathException noPath) {
            return false;
        }
    }

    private boolean isInside(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        return directories.stream().anyMatch(absolute::startsWith);
    }

    private boolean isInsideReally(Path real) throws IOException {
        for (Path directory : directories) {
            if (Files.isDirectory(directory) && real.startsWith(directory.toRealPath())) {
                return true;
            }
        }
        return false;
    }

    private static AssociatedData place(UUID account, String name) {
        return new AssociatedData(TenantId.PLATFORM, "carrier_account", "secrets." + name, account);
    }
}
