// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import eu.aval.server.consent.Sender;
import eu.aval.spi.submit.MessageClass;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A text with what the rules want in it: how to refuse more. Composed once, before anything is counted; composing it again
 * changes nothing.
 *
 * @param text as it will be sent
 * @param mention null if the class needs none, or the sender has no way to stop
 */
public record ComposedText(String text, @Nullable Mention mention) {

    /**
     * How to refuse more.
     *
     * @param added whether it was put at the end; else the text had one already, in these words or its own
     * @param text in the words of the rule pack
     */
    public record Mention(boolean added, String text) {}

    private static final String STOP = "stop";

    /** What a number may be cut up by. */
    private static final String GAP = "[ .\\u00A0\\u202F]?";

    /** A stop that is a word of its own, and no part of non-stop. */
    private static final String WORD = "(?<![\\p{L}\\p{N}-])(?<!\\bnon )stop(?![\\p{L}\\p{N}])";

    /** What stands between the word and the number: nothing that could begin another sentence. */
    private static final String LINK =
            "(?:[\\s:=>()\"'«»*,\\u2192\\u00A0\\u202F-]++|(?:sms|mms|pub|texto|par|by|with|au|à|a|to|le|the"
                    + "|num[ée]ro|number|n°|no|gratuit|gratuitement|free|via|envoyez|envoyer|send)(?![\\p{L}\\p{N}]))*+";

    /** What the address goes on with, if it is not this one. */
    private static final Pattern GOES_ON = Pattern.compile("[\\p{L}\\p{N}_/?=&%#~+-]|[.:,;!][\\p{L}\\p{N}]");

    /** Shows nothing of the text. */
    @Override
    public String toString() {
        return "ComposedText[" + mention + "]";
    }

    /** With the mention that the pack asks for in this class, unless the text tells of that very route already. */
    public static ComposedText of(RulePack pack, MessageClass messageClass, Sender sender, String text) {
        RulePack.StopMention rule = pack.stopMention();
        String route = sender.whereToStop();
        if (rule == null || route == null || !rule.classes().contains(messageClass)) {
            return new ComposedText(text, null);
        }
        String mention = rule.text().replace(RulePack.StopMention.ROUTE, route);
        if (tells(text, route, mention)) {
            return new ComposedText(text, new Mention(false, mention));
        }
        String join = text.endsWith(rule.join()) || text.endsWith("\n") ? "" : rule.join();
        return new ComposedText(text + join + mention, new Mention(true, mention));
    }

    /** Whether a text says that a STOP goes there. */
    private static boolean tells(String text, String route, String mention) {
        if (stands(text, mention)) {
            return true;
        }
        if (route.startsWith("https:")) {
            return stands(text, route);
        }
        return hasStop(text) && mentionOf(route).matcher(text).find();
    }

    /** Whether it is there and is not only the beginning or the end of something else. */
    private static boolean stands(String text, String what) {
        for (int at = text.indexOf(what); at >= 0; at = text.indexOf(what, at + 1)) {
            boolean begins = at == 0 || !Character.isLetterOrDigit(text.codePointBefore(at));
            int end = at + what.length();
            if (begins && !GOES_ON.matcher(text).region(end, text.length()).lookingAt()) {
                return true;
            }
        }
        return false;
    }

    /** Most texts have none, and need no pattern. */
    private static boolean hasStop(String text) {
        for (int at = 0; at + STOP.length() <= text.length(); at++) {
            if (text.regionMatches(true, at, STOP, 0, STOP.length())) {
                return true;
            }
        }
        return false;
    }

    private static Pattern mentionOf(String number) {
        StringBuilder digits = new StringBuilder(number.length() * GAP.length());
        for (int i = 0; i < number.length(); i++) {
            digits.append(i == 0 ? "" : GAP).append(number.charAt(i) == '+' ? "\\+" : number.substring(i, i + 1));
        }
        return Pattern.compile(
                WORD + LINK + "(?<![\\p{N}+])" + digits + "(?!" + GAP + "\\p{N})",
                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }
}
