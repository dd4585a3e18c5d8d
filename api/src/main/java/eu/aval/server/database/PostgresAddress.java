// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.database;

import eu.aval.server.shared.CannotStart;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a PostgreSQL database is and how to log in. Its text form hides the password.
 *
 * @param tls {@code sslmode} and {@code sslrootcert}, as libpq spells them
 */
public record PostgresAddress(
        String host,
        int port,
        String database,
        String user,
        @Nullable String password,
        Map<String, String> tls) {

    private static final Set<String> TLS_PARAMETERS = Set.of("sslmode", "sslrootcert");
    private static final int DEFAULT_PORT = 5432;

    public PostgresAddress {
        tls = Map.copyOf(tls);
    }

    /**
     * Reads {@code postgresql://user:password@host:port/database?sslmode=...}; {@code postgres:}, {@code jdbc:postgresql:}
     * and {@code r2dbc:postgresql:} are understood alike, as are {@code user} and {@code password} as parameters.
     *
     * @param setting the name of the setting it comes from, for the refusal
     */
    static PostgresAddress parse(String setting, String url) {
        URI uri = uri(setting, url.strip());
        Map<String, String> parameters = parameters(setting, uri.getRawQuery());
        String user = parameters.remove("user");
        String password = parameters.remove("password");
        String login = uri.getRawUserInfo();
        if (login != null) {
            int colon = login.indexOf(':');
            user = decode(colon < 0 ? login : login.substring(0, colon));
            password = colon < 0 ? password : decode(login.substring(colon + 1));
        }
        if (user == null || user.isEmpty()) {
            throw refuse(setting, "names no user");
        }
        for (String name : parameters.keySet()) {
            if (!TLS_PARAMETERS.contains(name)) {
                throw refuse(setting, "has a parameter that is not known: " + name);
            }
        }
        String path = uri.getPath();
        if (path == null || path.length() < 2) {
            throw refuse(setting, "names no database");
        }
        int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
        return new PostgresAddress(uri.getHost(), port, path.substring(1), user, password, parameters);
    }

    /** The same server and database under another login. */
    public PostgresAddress as(String otherUser, @Nullable String otherPassword) {
        return new PostgresAddress(host, port, database, otherUser, otherPassword, tls);
    }

    /** Another database of the same server. */
    public PostgresAddress to(String otherDatabase) {
        return new PostgresAddress(host, port, otherDatabase, user, password, tls);
    }

    /** Without login: that is given to the driver apart, so that it stands in no message. */
    String jdbcUrl() {
        String query = tls.entrySet().stream()
                .map(entry -> "&" + entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining());
        return "jdbc:postgresql://" + host + ":" + port + "/" + database
                + "?ApplicationName=aval-migration&connectTimeout=10&tcpKeepAlive=true" + query;
    }

    @Override
    public String toString() {
        return "postgresql://" + user + "@" + host + ":" + port + "/" + database;
    }

    private static URI uri(String setting, String url) {
        String plain = url;
        for (String prefix : new String[] {"jdbc:", "r2dbc:", "pool:"}) {
            plain = plain.startsWith(prefix) ? plain.substring(prefix.length()) : plain;
        }
        if (!plain.startsWith("postgresql://") && !plain.startsWith("postgres://")) {
            throw refuse(setting, "does not begin with postgresql://");
        }
        try {
            URI uri = new URI(plain);
            if (uri.getHost() == null) {
                throw refuse(setting, "names no host, or its password has a character to be percent-encoded");
            }
            return uri;
        } catch (URISyntaxException e) {
            // The exception holds the whole text, password included
            throw refuse(setting, "is not a URL; characters like @ / # % in a password are percent-encoded");
        }
    }

    private static Map<String, String> parameters(String setting, @Nullable String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (query == null) {
            return parameters;
        }
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw refuse(setting, "has a parameter without a value");
            }
            parameters.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
        }
        return parameters;
    }

    private static String decode(String text) {
        // A plus sign is a plus sign here, not a blank
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static CannotStart refuse(String setting, String why) {
        return new CannotStart(
                setting + " " + why + ".", "Set it to postgresql://user:password@host:5432/database, or leave it out.");
    }
}
