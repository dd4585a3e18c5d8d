// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound;

import eu.aval.server.consent.Sender;
import eu.aval.server.consent.Suppressions;
import eu.aval.server.inbound.reply.Reply;
import eu.aval.server.message.Conversations.Sent;
import eu.aval.spi.submit.MessageClass;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a STOP reaches: a pure function of what was said and what it was said to.
 *
 * <p>One sender only where the person answered that very sender. Whoever got a message from a name, which cannot be
 * answered, writes to a number they have never seen, and means the name: then it holds for every sender of the tenant.
 *
 * @param sender null is every sender
 * @param classes empty is every class
 */
record StopScope(@Nullable String sender, Set<MessageClass> classes) {

    StopScope {
        classes = Set.copyOf(classes);
    }

    boolean everything() {
        return sender == null && classes.isEmpty();
    }

    /**
     * @param writtenTo the tenant's sender that was written to; null when it is none of theirs
     * @param answered the newest message that the person has got; null when there is none
     * @param declared the tenant's senders, by value
     */
    static StopScope of(
            Reply reply, @Nullable String writtenTo, @Nullable Sent answered, Map<String, Sender> declared) {
        if (reply.everything()) {
            return new StopScope(null, Set.of());
        }
        Set<MessageClass> classes = EnumSet.copyOf(Suppressions.DEFAULT_CLASSES);
        if (answered != null) {
            classes.add(answered.messageClass());
        }
        String sender = answered != null && Objects.equals(answered.sender(), writtenTo) ? writtenTo : null;
        if (sender != null
                && reply.number() != null
                && !named(reply.number(), declared).equals(sender)) {
            // They named another one: both are meant
            sender = null;
        }
        return new StopScope(sender, classes);
    }

    private static String named(String number, Map<String, Sender> declared) {
        return declared.keySet().stream()
                .filter(value -> value.replace("+", "").equals(number))
                .findFirst()
                .orElse("");
    }
}
