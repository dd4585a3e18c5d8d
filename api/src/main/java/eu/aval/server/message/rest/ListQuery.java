// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.rest;

import eu.aval.server.access.ListParameters;
import eu.aval.server.message.MessageFilter;
import eu.aval.server.message.MessageStatus;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/** The query of a list request. */
record ListQuery(MessageFilter filter, int limit, @Nullable UUID after) {

    private static final Pattern PURPOSE = Pattern.compile("[a-z][a-z0-9._-]{0,63}");
    private static final Set<String> NAMES =
            Set.of("status", "purpose", "clientReference", "acceptedFrom", "acceptedBefore", "limit", "after");

    /** @throws eu.aval.server.shared.Problem INVALID_REQUEST with everything that is wrong */
    static ListQuery parse(MultiValueMap<String, String> query) {
        ListParameters parameters = new ListParameters(query, NAMES, "status");
        Set<MessageStatus> statuses = parameters.constants("status", MessageStatus.class);
        String reference = parameters.text("clientReference", 200);
        ListQuery read = new ListQuery(
                new MessageFilter(
                        statuses,
                        parameters.text("purpose", PURPOSE, "The key of a purpose"),
                        null,
                        reference,
                        parameters.time("acceptedFrom"),
                        parameters.time("acceptedBefore")),
                parameters.limit(),
                parameters.after());
        parameters.requireSound();
        return read;
    }
}
