// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound.reply;

import eu.aval.server.inbound.reply.Reply.Language;
import eu.aval.server.inbound.reply.Spelling.Token;
import eu.aval.server.inbound.reply.Vocabulary.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a reply means: its first meaning, whatever politeness stands around it, and not a word that happens to be
 * in it. {@code schema/inbound/replies.tsv} says what is meant by that, line by line.
 *
 * <p>In doubt a reply that begins with STOP is a STOP: who is not written to for once loses less than who is written to
 * against their will.
 */
public final class ReplyReader {

    /** A text longer than this is a letter: what matters stands at its beginning. */
    private static final int LONGEST = 1_000;

    /** After STOP, these tell that something else is meant. */
    private static final Set<String> NOT_THIS_STOP = Set.of(
            "by", "over", "off", "near", "loss", "motion", "watch", "ou", "light", "sign", "not", "pas", "jamais");

    private static final Set<String> WANTING =
            Set.of("veux", "voudrais", "souhaite", "souhaiterais", "desire", "want", "wish");
    private static final Set<String> SENDING_ENGLISH =
            Set.of("text", "message", "contact", "send", "sms", "texting", "messaging", "spam", "sending");
    private static final Set<String> SENDING_FRENCH = Set.of(
            "envoyez envoyer envoie envoyes recevoir contactez contacter contactes ecrivez ecrire ecris solliciter sollicitez relancer"
                    .split(" "));
    /** Words that are written in two or three. */
    private static final Map<List<String>, String> TIES = Map.of(
            List.of("un", "stop"), "unstop",
            List.of("un", "subscribe"), "unsubscribe",
            List.of("re", "subscribe"), "resubscribe",
            List.of("re", "abonner"), "reabonner",
            List.of("opt", "out"), "optout",
            List.of("opt", "me", "out"), "optout",
            List.of("opt", "in"), "optin",
            List.of("opt", "me", "in"), "optin");

    /** Why somebody says STOP, when no full stop stands between. */
    private static final Set<String> REASONS = Set.of(
            "pas interesse",
            "pas interessee",
            "mauvais numero",
            "erreur de numero",
            "deja client",
            "not interested",
            "wrong number");

    /** Not one offer, but what comes from you. */
    private static final Set<String> REFUSED = Set.of("vos", "your", "recevoir", "receive");

    /** How somebody begins who wants to be left in peace. */
    private static final List<String> PEACE = List.of(
            " laissez moi tranquille ",
            " laissez moi en paix ",
            " fichez moi la paix ",
            " foutez moi la paix ",
            " ne me derangez plus ",
            " ne plus me deranger ",
            " leave me alone ",
            " leave me in peace ");

    private static final Set<String> REMOVING =
            Set.of("retirez retirer supprimez supprimer effacez effacer rayez rayer enlevez enlever remove delete take"
                    .split(" "));
    private static final Set<String> RESUMED =
            Set.of("me moi m all tout tous vos votre les the your my these those them of de d".split(" "));
    private static final Set<String> WHOM = Set.of("me", "moi", "numero", "number", "m");
    private static final Pattern STOP_WITH_HOLES = Pattern.compile("(s+t+[o0]+p+)+");
    private static final Pattern SHORT_CODE_OR_NUMBER = Pattern.compile("[0-9]{3,15}");

    private ReplyReader() {}

    /** Never fails, whatever the text. */
    public static Reply read(String text) {
        String beginning = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
        List<List<Token>> segments = Spelling.read(beginning);
        String squeezed = Spelling.squeezed(beginning);
        if (STOP_WITH_HOLES.matcher(squeezed).matches() || Vocabulary.slips(squeezed, "optout") <= 1) {
            return reply(Meaning.STOP, segments);
        }
        boolean first = true;
        for (List<Token> written : segments) {
            List<Token> segment = withoutTies(written);
            Meaning meaning = first ? meaning(segment) : afterwards(segment);
            if (meaning != Meaning.NONE) {
                return reply(meaning, segments);
            }
            first &= segment.stream().allMatch(token -> Vocabulary.isPolite(token.text()));
        }
        return Reply.NOTHING;
    }

    /** Of a sentence after one that says something: it must say this and nothing else. */
    private static Meaning afterwards(List<Token> segment) {
        boolean plain = segment.stream().noneMatch(Token::isNumber)
                && meaning(segment) == Meaning.STOP
                && segment.stream().allMatch(token -> isPlain(token.text()));
        return plain ? Meaning.STOP : Meaning.NONE;
    }

    private static boolean isPlain(String word) {
        return Vocabulary.isWord(word)
                || Vocabulary.isPolite(word)
                || Vocabulary.isAsking(word)
                || Vocabulary.isSmall(word)
                || Vocabulary.isMessaging(word)
                || Vocabulary.isNegation(word);
    }

    private static Meaning meaning(List<Token> segment) {
        int at = skip(segment, 0, false);
        if (at == segment.size()) {
            return Meaning.NONE;
        }
        if (hasReason(segment, at) || isNumberAndStop(segment, at)) {
            return Meaning.STOP;
        }
        boolean no = at > 0 && segment.get(at - 1).text().equals("no");
        if (isRefusal(segment, no ? at - 1 : at) || isRemoval(segment, at)) {
            return Meaning.STOP;
        }
        Word word = wordAt(segment, at);
        boolean wrapped = false;
        if (word == null) {
            at = skip(segment, at, true);
            wrapped = true;
            word = at < segment.size() ? wordAt(segment, at) : null;
        }
        return word == null
                ? Meaning.NONE
                : meaning(word, segment.get(at).text(), segment.subList(at + 1, segment.size()), wrapped);
    }

    private static Meaning meaning(Word word, String token, List<Token> rest, boolean wrapped) {
        boolean taken = switch (word) {
            case STOP -> (token.equals("stop") && !wrapped) ? !isAnotherStop(rest) : isAboutMessages(rest);
            case CEASE -> isAboutMessages(rest);
            case START -> isResumed(rest);
            case UNSUBSCRIBE ->
                rest.isEmpty() || !Vocabulary.isNegation(rest.getFirst().text());
            case ALONE -> !wrapped && isPolite(rest);
            case HELP -> !wrapped && rest.stream().allMatch(each -> isSaidOfHelp(each));
        };
        if (!taken) {
            return Meaning.NONE;
        }
        return switch (word) {
            case STOP, CEASE, UNSUBSCRIBE, ALONE -> Meaning.STOP;
            case START -> Meaning.START;
            case HELP -> Meaning.HELP;
        };
    }

    private static @Nullable Word wordAt(List<Token> segment, int at) {
        Token token = segment.get(at);
        // non-stop, one-stop
        return token.joined() && at > 0 ? null : Vocabulary.word(token.text());
    }

    private static boolean isAnotherStop(List<Token> rest) {
        return !rest.isEmpty() && NOT_THIS_STOP.contains(rest.getFirst().text());
    }

    /** Nothing follows but what messages are called, what is done with them, and small words. */
    private static boolean isAboutMessages(List<Token> rest) {
        return rest.stream()
                .allMatch(token -> token.isNumber()
                        || Vocabulary.isPolite(token.text())
                        || Vocabulary.isSmall(token.text())
                        || Vocabulary.isMessaging(token.text())
                        || token.text().equals("stop"));
    }

    private static boolean isResumed(List<Token> rest) {
        return IntStream.range(0, rest.size())
                .allMatch(i -> (rest.get(i).isNumber() && i == 0)
                        || RESUMED.contains(rest.get(i).text())
                        || Vocabulary.isMessaging(rest.get(i).text())
                        || (Vocabulary.isPolite(rest.get(i).text())
                                && !rest.get(i).text().equals("and")));
    }

    private static boolean isPolite(List<Token> rest) {
        return rest.stream().allMatch(token -> token.isNumber() || Vocabulary.isPolite(token.text()));
    }

    private static boolean isSaidOfHelp(Token token) {
        return token.isNumber()
                || Vocabulary.isPolite(token.text())
                || WHOM.contains(token.text())
                || Vocabulary.word(token.text()) == Word.HELP;
    }

    /** Where politeness ends; with {@code asking}, what a request is wrapped in too. */
    private static int skip(List<Token> segment, int from, boolean asking) {
        int at = from;
        while (at < segment.size()) {
            String word = segment.get(at).text();
            if (!Vocabulary.isPolite(word) && !(asking && Vocabulary.isAsking(word))) {
                break;
            }
            at++;
        }
        return at;
    }

    private static boolean hasReason(List<Token> segment, int from) {
        List<String> words =
                segment.subList(from, segment.size()).stream().map(Token::text).toList();
        int stop = words.indexOf("stop");
        return stop > 0
                && REASONS.contains(String.join(" ", words.subList(0, stop)))
                && words.subList(stop + 1, words.size()).stream().allMatch(Vocabulary::isPolite);
    }

    /** The short code before the word and not after it: 36180 STOP. */
    private static boolean isNumberAndStop(List<Token> segment, int at) {
        return segment.size() == at + 2
                && segment.get(at).isNumber()
                && segment.get(at + 1).text().equals("stop");
    }

    /** Ne m'envoyez plus de sms; don't text me; no more messages. */
    private static boolean isRefusal(List<Token> segment, int from) {
        List<String> words =
                segment.subList(from, segment.size()).stream().map(Token::text).toList();
        String said = " " + String.join(" ", words) + " ";
        if (PEACE.stream().anyMatch(said::startsWith)) {
            return true;
        }
        boolean known = words.stream()
                .allMatch(word ->
                        !Vocabulary.isWord(word) && (isPlain(word) || WANTING.contains(word) || isRefusing(word)));
        boolean messaging = words.stream().anyMatch(Vocabulary::isMessaging);
        boolean wanting = words.stream().anyMatch(WANTING::contains);
        if (!known) {
            return false;
        }
        if (words.contains("oppose") || words.contains("refuse")) {
            boolean meant = words.contains("oppose")
                    ? messaging || said.endsWith(" m oppose ")
                    : messaging && words.stream().anyMatch(REFUSED::contains);
            return meant && words.stream().noneMatch(Vocabulary::isNegation);
        }
        if (words.contains("plus") || said.contains(" no more ") || said.contains(" no longer ")) {
            boolean refused = said.startsWith(" plus d")
                    || said.startsWith(" plus aucun")
                    || said.contains(" no more ")
                    || wanting
                    || ((words.contains("ne") || words.contains("n"))
                            && words.stream().anyMatch(SENDING_FRENCH::contains));
            return refused && messaging;
        }
        if (words.contains("pas") || words.contains("dont") || said.contains(" do not ")) {
            boolean imperative = Stream.of(" dont ", " do not ")
                    .anyMatch(start -> said.startsWith(start) && SENDING_ENGLISH.contains(second(said, start)));
            return messaging && (wanting || imperative);
        }
        return false;
    }

    private static boolean isRefusing(String word) {
        return Set.of("plus", "more", "longer", "oppose", "refuse", "number", "no", "this", "do")
                .contains(word);
    }

    private static String second(String said, String start) {
        return said.substring(start.length()).split(" ", 2)[0];
    }

    /** Retirez-moi de votre liste; delete my number. */
    private static boolean isRemoval(List<Token> segment, int from) {
        List<String> words =
                segment.subList(from, segment.size()).stream().map(Token::text).toList();
        int verb = 0;
        while (verb < words.size() && Vocabulary.isAsking(words.get(verb))) {
            verb++;
        }
        if (verb == words.size() || !REMOVING.contains(words.get(verb))) {
            return false;
        }
        List<String> rest = words.subList(verb + 1, words.size());
        boolean whom = words.stream().anyMatch(WHOM::contains);
        return whom
                && (!words.get(verb).equals("take") || rest.contains("off"))
                && rest.stream()
                        .allMatch(word ->
                                Vocabulary.isSmall(word) || Vocabulary.isMessaging(word) || Vocabulary.isPolite(word));
    }

    /** Un-stop, opt out and the like are one word. */
    private static List<Token> withoutTies(List<Token> segment) {
        List<Token> words = new ArrayList<>(segment.size());
        int at = 0;
        while (at < segment.size()) {
            Token token = segment.get(at);
            int taken = 1;
            for (Map.Entry<List<String>, String> tie : TIES.entrySet()) {
                int end = at + tie.getKey().size();
                if (end <= segment.size()
                        && segment.subList(at, end).stream()
                                .map(Token::text)
                                .toList()
                                .equals(tie.getKey())) {
                    token = new Token(tie.getValue(), token.joined());
                    taken = tie.getKey().size();
                }
            }
            words.add(token);
            at += taken;
        }
        return words;
    }

    private static Reply reply(Meaning meaning, List<List<Token>> segments) {
        List<String> words =
                segments.stream().flatMap(List::stream).map(Token::text).toList();
        boolean everything = false;
        Language language = null;
        for (int i = 0; i < words.size(); i++) {
            // tout de suite is soon, and not everything
            boolean soon = i + 2 < words.size()
                    && words.get(i + 1).equals("de")
                    && words.get(i + 2).equals("suite");
            everything |= Vocabulary.isAll(words.get(i)) && !soon;
            language = language == null ? Vocabulary.language(words.get(i)) : language;
        }
        return new Reply(meaning, everything, number(segments), language);
    }

    /** The digits that are named first; a code may be written in groups. */
    private static @Nullable String number(List<List<Token>> segments) {
        StringBuilder digits = new StringBuilder();
        for (Token token : segments.stream().flatMap(List::stream).toList()) {
            if (token.isNumber()) {
                digits.append(token.text());
            } else if (!digits.isEmpty()) {
                break;
            }
        }
        return SHORT_CODE_OR_NUMBER.matcher(digits).matches() ? digits.toString() : null;
    }
}
