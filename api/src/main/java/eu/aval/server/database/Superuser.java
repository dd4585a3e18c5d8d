// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.database;

import eu.aval.server.shared.CannotStart;
import java.io.IOException;
import java.util.List;

/**
 * PostgreSQL refuses to run as root. Inside a user namespace without a mapping the same process is nobody, yet the
 * files stay root's: no folder has to change hands.
 */
final class Superuser {

    private Superuser() {}

    static boolean is() throws IOException {
        Process id = new ProcessBuilder("id", "-u").start();
        try (var output = id.inputReader()) {
            return "0".equals(output.readLine());
        }
    }

    /** What a command begins with so that it does not run as root. */
    static List<String> prefix() throws IOException {
        List<String> unshare = List.of("unshare", "--user", "--");
        if (!succeeds(unshare)) {
            throw new CannotStart(
                    "PostgreSQL refuses to run as root, and this machine allows no user namespace (unshare --user).",
                    "Start as a normal user, or set AVAL_DB_URL to a PostgreSQL of your own.");
        }
        return unshare;
    }

    private static boolean succeeds(List<String> prefix) throws IOException {
        try {
            ProcessBuilder builder = new ProcessBuilder(prefix);
            builder.command(new java.util.ArrayList<>(prefix)).command().add("true");
            return builder.redirectErrorStream(true).start().waitFor() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
