// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.database;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A process that starts an embedded PostgreSQL, commits a row, says so, and waits to be killed. */
final class EmbeddedPostgresVictim {

    private EmbeddedPostgresVictim() {}

    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]);
        EmbeddedPostgres postgres = EmbeddedPostgres.start(home, Path.of(arguments[1]), Map.of());
        try (Jdbc jdbc = Jdbc.connect(postgres.superuser())) {
            jdbc.run("create table kept (number integer)");
            jdbc.run("insert into kept values (42)");
        }
        Files.writeString(home.resolve("victim.ready"), "");
        Thread.sleep(600_000);
    }
}
