// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.account;

import eu.aval.server.carrier.AccountDraft;
import eu.aval.server.carrier.Processing;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.DuplicateKeyException;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * What {@code accounts.yaml} says. What cannot be meant is an {@link IllegalArgumentException} that tells the place and
 * repeats no value: it may be a secret.
 */
final class FiledAccounts {

    private static final Set<String> FIELDS = Set.of(
            "name",
            "carrier",
            "enabled",
            "settings",
            "partsPerSecond",
            "maximumInFlight",
            "maximumNodes",
            "processingCountries",
            "transferMechanism");
    private static final int MAXIMUM_CHARACTERS = 1 << 20;

    private final Map<?, ?> account;
    private final String place;

    private FiledAccounts(Map<?, ?> account, String place) {
        this.account = account;
        this.place = place;
    }

    /** Numbers as they are written: YAML would read 0123, of a password or a login, as 83. */
    private static final class AsWritten extends Resolver {
        @Override
        protected void addImplicitResolvers() {
            addImplicitResolver(Tag.BOOL, BOOL, "yYnNtTfFoO");
            addImplicitResolver(Tag.NULL, NULL, "~nN\0");
            addImplicitResolver(Tag.NULL, Pattern.compile("^$"), null);
            addImplicitResolver(Tag.MERGE, MERGE, "<");
        }
    }

    static List<AccountDraft> read(InputStream content) {
        var options = new LoaderOptions();
        options.setCodePointLimit(MAXIMUM_CHARACTERS);
        options.setAllowDuplicateKeys(false);
        var yaml = new Yaml(
                new SafeConstructor(options),
                new Representer(new DumperOptions()),
                new DumperOptions(),
                options,
                new AsWritten());
        try {
            return drafts(yaml.load(content));
        } catch (MarkedYAMLException e) {
            String what = e instanceof DuplicateKeyException ? "names something twice" : "is not readable YAML";
            throw new IllegalArgumentException("it " + what
                    + (e.getProblemMark() == null
                            ? ""
                            : " (line " + (e.getProblemMark().getLine() + 1) + ")"));
        } catch (YAMLException e) {
            throw new IllegalArgumentException("it is not readable YAML");
        }
    }

    private static List<AccountDraft> drafts(@Nullable Object root) {
        if (!(root instanceof Map<?, ?> map) || !(map.get("accounts") instanceof List<?> list)) {
            throw new IllegalArgumentException("it has no list named accounts");
        }
        List<AccountDraft> drafts = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < list.size(); i++) {
            String place = "account " + (i + 1);
            if (!(list.get(i) instanceof Map<?, ?> account)) {
                throw new IllegalArgumentException(place + " is not a mapping");
            }
            AccountDraft draft = new FiledAccounts(account, place).draft();
            if (!names.add(draft.name())) {
                throw new IllegalArgumentException(place + " has the name of one before it");
            }
            drafts.add(draft);
        }
        return drafts;
    }

    private AccountDraft draft() {
        for (Object key : account.keySet()) {
            if (!FIELDS.contains(String.valueOf(key))) {
                throw wrong("has no field " + key);
            }
        }
        return new AccountDraft(
                required("name"),
                required("carrier"),
                enabled(),
                settings(),
                rate(),
                whole("maximumInFlight"),
                whole("maximumNodes"),
                new Processing(countries(), transfer()));
    }

    private String required(String field) {
        if (account.get(field) instanceof String value && !value.isBlank()) {
            return value;
        }
        throw wrong("has no " + field);
    }

    private boolean enabled() {
        return switch (account.get("enabled")) {
            case null -> true;
            case Boolean enabled -> enabled;
            default -> throw wrong("is enabled: true or false");
        };
    }

    private Map<String, String> settings() {
        Object given = account.get("settings");
        if (given == null) {
            return Map.of();
        }
        if (!(given instanceof Map<?, ?> map)) {
            throw wrong("has settings that are not a mapping");
        }
        Map<String, String> settings = new HashMap<>();
        map.forEach((name, value) -> {
            if (!(value instanceof String || value instanceof Boolean)) {
                throw wrong("has no value for the setting " + name);
            }
            settings.put(String.valueOf(name), value.toString());
        });
        return settings;
    }

    private @Nullable BigDecimal rate() {
        Object value = account.get("partsPerSecond");
        try {
            return value == null ? null : new BigDecimal(value.toString());
        } catch (NumberFormatException e) {
            throw wrong("has partsPerSecond that is no number");
        }
    }

    private @Nullable Integer whole(String field) {
        Object value = account.get(field);
        try {
            return value == null ? null : Integer.valueOf(value.toString());
        } catch (NumberFormatException e) {
            throw wrong("has " + field + " that is no whole number");
        }
    }

    private Set<String> countries() {
        return switch (account.get("processingCountries")) {
            case null -> Set.of();
            case List<?> countries ->
                countries.stream().map(FiledAccounts::country).collect(Collectors.toSet());
            default -> throw wrong("has processingCountries that are no list such as [FR, DE]");
        };
    }

    /** Norway is the code that YAML takes for a word. */
    private static String country(@Nullable Object code) {
        return Boolean.FALSE.equals(code) ? "NO" : String.valueOf(code);
    }

    private Processing.@Nullable Transfer transfer() {
        Object value = account.get("transferMechanism");
        try {
            return value == null ? null : Processing.Transfer.valueOf(value.toString());
        } catch (IllegalArgumentException e) {
            throw wrong("has a transferMechanism that is none of " + Arrays.toString(Processing.Transfer.values()));
        }
    }

    private IllegalArgumentException wrong(String what) {
        Object name = account.get("name");
        return new IllegalArgumentException(place + (name == null ? "" : " (" + name + ")") + " " + what);
    }
}
