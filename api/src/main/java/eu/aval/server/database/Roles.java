// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.database;

import eu.aval.server.shared.CannotStart;
import java.sql.SQLException;
import java.util.List;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The roles and schemas that migrations rely on. The same as {@code deploy/postgres/roles.sql}, for the embedded
 * PostgreSQL and for owners who may do it themselves.
 */
final class Roles {

    static final String OWNER = "aval_owner";
    static final String APP = "aval_app";
    static final String PLATFORM = "aval_platform";
    private static final List<String> NEEDED = List.of(APP, PLATFORM, "aval_eraser", "aval_auditor");

    private static final Logger log = LoggerFactory.getLogger(Roles.class);

    private Roles() {}

    /** On a cluster of our own: logins with the stored passwords, and the database. */
    static void embed(PostgresAddress superuser, UnaryOperator<String> passwords, String database) throws SQLException {
        try (Jdbc jdbc = Jdbc.connect(superuser)) {
            for (String login : List.of(OWNER, APP, PLATFORM)) {
                createMissing(jdbc, login);
                jdbc.run("alter role " + login + " login password " + Jdbc.literal(passwords.apply(login)));
            }
            for (String role : NEEDED) {
                createMissing(jdbc, role);
            }
            if (!jdbc.isTrue("exists (select from pg_database where datname = " + Jdbc.literal(database) + ")")) {
                jdbc.run("create database " + Jdbc.identifier(database) + " owner " + OWNER);
            }
        }
    }

    /**
     * In a database of somebody else: what is missing is made if the owner may, else the administrator is asked to.
     *
     * @param assumed whether the owner must be able to take the roles of the pools, for want of logins of their own
     */
    static void ensure(Jdbc owner, boolean assumed) throws SQLException {
        List<String> missing = owner.texts("select name from unnest(array[" + quoted(NEEDED)
                + "]) as name where not exists (select from pg_roles where rolname = name)");
        boolean mayCreate =
                owner.isTrue("(select rolcreaterole or rolsuper from pg_roles where rolname = current_user)");
        if (!missing.isEmpty() && !mayCreate) {
            throw administrator("The roles " + String.join(", ", missing) + " are missing and " + user(owner)
                    + " may not create them.");
        }
        for (String role : missing) {
            log.info("Creating the database role {}", role);
            owner.run("create role " + role);
        }
        for (String schema : List.of("aval", "aval_keys")) {
            ensureSchema(owner, schema);
        }
        if (assumed) {
            for (String role : List.of(APP, PLATFORM)) {
                ensureAssumable(owner, role, mayCreate);
            }
        }
    }

    private static void ensureSchema(Jdbc owner, String schema) throws SQLException {
        if (owner.isTrue("to_regnamespace('" + schema + "') is null")) {
            if (!owner.isTrue("has_database_privilege(current_database(), 'create')")) {
                throw administrator("The schema " + schema + " is missing and " + user(owner) + " may not create it.");
            }
            owner.run("create schema " + schema);
        }
        if (owner.isTrue("pg_has_role(current_user, (select nspowner from pg_namespace where nspname = '" + schema
                + "'), 'usage')")) {
            owner.run("grant usage on schema " + schema + " to " + String.join(", ", NEEDED));
        }
    }

    private static void ensureAssumable(Jdbc owner, String role, boolean mayCreate) throws SQLException {
        boolean member = owner.isTrue("pg_has_role(current_user, '" + role + "', 'member')");
        try {
            if (!member && mayCreate) {
                owner.run("grant " + role + " to current_user");
            }
            owner.run("set role " + role);
            owner.run("reset role");
        } catch (SQLException e) {
            throw refusedRole(owner, role);
        }
    }

    /** Where nothing is to be changed: whether the owner can take the roles of the pools. */
    static void requireAssumable(Jdbc owner) throws SQLException {
        for (String role : List.of(APP, PLATFORM)) {
            if (!owner.isTrue("exists (select from pg_roles where rolname = '" + role
                    + "' and pg_has_role(current_user, oid, 'member'))")) {
                throw refusedRole(owner, role);
            }
        }
    }

    private static CannotStart refusedRole(Jdbc owner, String role) throws SQLException {
        String user = user(owner);
        return new CannotStart(
                user + " may not take the role " + role
                        + ", and there is no AVAL_DB_APP_URL or no AVAL_DB_PLATFORM_URL.",
                "Set both to logins of their own, or let a database administrator run: grant " + APP + ", " + PLATFORM
                        + " to " + user + ";");
    }

    private static void createMissing(Jdbc jdbc, String role) throws SQLException {
        if (!jdbc.isTrue("exists (select from pg_roles where rolname = '" + role + "')")) {
            jdbc.run("create role " + role);
        }
    }

    private static String quoted(List<String> names) {
        return String.join(", ", names.stream().map(Jdbc::literal).toList());
    }

    private static String user(Jdbc jdbc) throws SQLException {
        return jdbc.texts("select current_user").getFirst();
    }

    private static CannotStart administrator(String reason) {
        return new CannotStart(reason, "Let a database administrator run deploy/postgres/roles.sql.");
    }
}
