// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound.rest;

import eu.aval.server.access.ListParameters;
import eu.aval.server.inbound.InboundFilter;
import eu.aval.server.inbound.reply.Meaning;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/** The query of a list request. */
record InboundQuery(
        InboundFilter filter, int limit, @Nullable UUID after) {

    /** A plus sign that nobody encoded arrives as a space. */
    private static final Pattern OWN = Pattern.compile("[+ ]?[0-9A-Za-z][0-9A-Za-z ]{0,14}");

    private static final Set<String> NAMES =
            Set.of("meaning", "to", "receivedFrom", "receivedBefore", "limit", "after");

    /** @throws eu.aval.server.shared.Problem INVALID_REQUEST with everything that is wrong */
    static InboundQuery parse(MultiValueMap<String, String> query) {
        ListParameters parameters = new ListParameters(query, NAMES, "meaning");
        Set<Meaning> meanings = parameters.constants("meaning", Meaning.class);
        String to = parameters.text("to", OWN, "A number or a name");
        InboundQuery read = new InboundQuery(
                new InboundFilter(
                        meanings,
                        to == null ? null : to.strip(),
                        parameters.time("receivedFrom"),
                        parameters.time("receivedBefore")),
                parameters.limit(),
                parameters.after());
        parameters.requireSound();
        return read;
    }
}
