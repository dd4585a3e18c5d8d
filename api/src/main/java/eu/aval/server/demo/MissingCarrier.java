// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.demo;

import eu.aval.server.carrier.CarrierPlugin;
import eu.aval.server.shared.CannotStart;
import eu.aval.server.shared.Problem;
import java.nio.file.Path;
import java.util.List;

/** Says that a carrier is not there, and where it was looked for: what an account without it can only call a wrong field. */
final class MissingCarrier {

    private MissingCarrier() {}

    static boolean isMeant(Throwable failure) {
        return failure instanceof Problem problem
                && problem.fields().stream()
                        .anyMatch(field -> field.pointer().equals("/carrierId")
                                && field.code().equals("UNKNOWN"));
    }

    /** @param known what was found instead, with what became of it */
    static CannotStart of(String carrier, List<CarrierPlugin> known, Path directory, Throwable cause) {
        StringBuilder reason = new StringBuilder("The demo tenant sends through the carrier '")
                .append(carrier)
                .append(
                        "', of which there is no working plugin. Looked for jars in carriers/ of the server's own class path and in ")
                .append(directory.toAbsolutePath().normalize())
                .append(", and found ");
        if (known.isEmpty()) {
            reason.append("none.");
        }
        for (int i = 0; i < known.size(); i++) {
            CarrierPlugin plugin = known.get(i);
            reason.append(i == 0 ? "" : ", ")
                    .append(plugin.file())
                    .append(" (")
                    .append(plugin.state())
                    .append(plugin.reason() == null ? "" : ": " + plugin.reason())
                    .append(i == known.size() - 1 ? ")." : ")");
        }
        return new CannotStart(
                reason.toString(),
                "Build the carriers together with the server (./mvnw package, from the root of the repository), put the"
                        + " jar of this one into that directory and approve it, or start without a demo tenant"
                        + " (AVAL_DEMO=false).",
                cause);
    }
}
