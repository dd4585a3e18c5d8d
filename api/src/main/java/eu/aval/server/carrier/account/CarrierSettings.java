// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.account;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param directory where jars are dropped and {@code accounts.yaml} may lie
 * @param spiVersion of the SPI this server was built with; set by the build, not by an operator
 * @param secretDirectories where files lie that {@code file:} references of accounts may read
 * @param poll how often a node looks for changes that others made
 * @param health how often an account that is up is asked how it is
 * @param grace how long what is under way may take to end when an account closes
 * @param breakerWait how long a circuit breaker stays open the first time; doubled up to twelve times that
 * @param lease how long a node holds a session after it was last heard of
 * @param events how many events of an account are at work at once
 */
@ConfigurationProperties("aval.carriers")
record CarrierSettings(
        Path directory,
        String spiVersion,

        List<Path> secretDirectories,

        @DefaultValue("2s") Duration poll,
        @DefaultValue("5s") Duration health,
        @DefaultValue("20s") Duration grace,
        @DefaultValue("5s") Duration breakerWait,
        @DefaultValue("20s") Duration lease,
        @DefaultValue Events events) {

    /**
     * Of each account, on each node.
     *
     * @param receipts that are being stored at once; one transaction stores many
     * @param messages of people, and opt-outs, that are being stored at once; each has a transaction of its own, and there are few
     *     connections for all accounts and for those who send
     * @param waiting of either kind, for their turn; what comes beyond is refused, so that the carrier sends it again
     */
    record Events(
            @DefaultValue("1000") int receipts,
            @DefaultValue("4") int messages,
            @DefaultValue("10000") int waiting) {

        static final Events USUAL = new Events(1_000, 4, 10_000);

        Events {
            if (receipts < 1 || messages < 1 || waiting < 0) {
                throw new IllegalArgumentException(
                        "aval.carriers.events: receipts and messages are at least 1, waiting is at least 0");
            }
        }
    }

    /** With everything as it is by default. */
    static CarrierSettings in(Path directory, String spiVersion) {
        return new CarrierSettings(
                directory,
                spiVersion,
                List.of(directory.resolve("secrets")),
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                Events.USUAL);
    }
}
