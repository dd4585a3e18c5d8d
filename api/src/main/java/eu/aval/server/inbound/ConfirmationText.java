// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound;

import eu.aval.server.inbound.reply.Reply.Language;
import org.jspecify.annotations.Nullable;

/** What somebody is told who has opted out: that it holds, for what, and how to take it back. One part, in GSM-7. */
final class ConfirmationText {

    private static final String FRENCH = "%s : votre demande est prise en compte, vous ne recevrez plus ces messages."
            + " Pour les recevoir à nouveau, envoyez START au %s.";
    private static final String FRENCH_EVERYTHING =
            "%s : votre demande est prise en compte, vous ne recevrez plus aucun message."
                    + " Pour en recevoir à nouveau, envoyez START au %s.";
    private static final String ENGLISH =
            "%s: you will not receive these messages any more." + " To receive them again, send START to %s.";
    private static final String ENGLISH_EVERYTHING =
            "%s: you will not receive any message any more. To receive messages again, send START to %s.";

    private ConfirmationText() {}

    /**
     * @param language null is French
     * @param sender whose messages they were
     * @param number that was written to
     */
    static String of(@Nullable Language language, StopScope scope, String sender, String number) {
        String text = language == Language.ENGLISH
                ? scope.everything() ? ENGLISH_EVERYTHING : ENGLISH
                : scope.everything() ? FRENCH_EVERYTHING : FRENCH;
        return text.formatted(sender, number);
    }
}
