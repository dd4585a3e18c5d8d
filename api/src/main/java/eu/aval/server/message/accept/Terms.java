// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.accept;

import eu.aval.server.consent.Purpose;
import eu.aval.server.consent.Sender;
import eu.aval.server.limit.TrafficRules;
import eu.aval.server.policy.RulePack;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant has declared, as preparation needs it.
 *
 * @param purposes by key
 * @param senders by value
 * @param standardSender used when a request names none
 * @param rulePack null if this node has none of that id: then nothing may be sent
 * @param rules how much it may send
 */
record Terms(
        Map<String, Purpose> purposes,
        Map<String, Sender> senders,
        @Nullable Sender standardSender,
        Set<String> countries,
        int maximumParts,
        @Nullable RulePack rulePack,
        TrafficRules rules) {}
