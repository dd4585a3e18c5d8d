// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound.reply;

import eu.aval.server.inbound.reply.Reply.Language;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The words that matter, as {@link Spelling} leaves them. */
final class Vocabulary {

    /** What a word can be the beginning of. */
    enum Word {
        /** STOP itself. */
        STOP,
        /** Other words for it that can speak of something else too: arrêt de bus. */
        CEASE,
        /** Words that speak of lists and of nothing else. */
        UNSUBSCRIBE,
        /** Mean it only when nothing else is said: CANCEL my order. */
        ALONE,
        START,
        HELP
    }

    private static final Pattern STOP_DRAWN_OUT = Pattern.compile("[s5]+t+[o0]+p+|(stop){2,}");

    /** Letters that stand beside each other, on the keyboard or in the word. */
    private static final Set<String> STOP_SLIPS = words("""
        stpo sotp tsop stopo stpp stol stip syop srop dtop ztop atop stoop stopall stoptout stopsms stoppub stopsvp stopstp stopmerci
        ctoп σtoπ\
        """);

    private static final Set<String> CEASE_FRENCH = words("""
        arret arrets arrt arrte aret aretter areter arrret arrter arreter arrete arretez arretes arrettez arretter
        stopper stoppe stoppez stope stopez cessez cesser\
        """);

    private static final Set<String> UNSUBSCRIBE_FRENCH = words("""
        desabonner desabonne desabonnez desabonnement desabo desinscrire desinscris desinscrivez desinscription\
        """);
    private static final Set<String> UNSUBSCRIBE_ENGLISH = words("unsubscribe unsub optout");

    private static final Set<String> ALONE_FRENCH = words("fin resilier resiliation");
    private static final Set<String> ALONE_ENGLISH = words("cancel end quit remove revoke td");

    /** What people of other languages write where they have learnt no other word. */
    private static final Set<String> ALONE_OTHER = words("""
        baja parar cancelar abmelden abbestellen abmeldung kundigen afmelden uitschrijven afmelding annulla cancella cancellami
        disiscrivi disiscrivimi basta ferma sair remover wypisz rezygnuje rezygnacja stoppa avsluta avregistrera avmeld afmeld
        lopeta peruuta\
        """);

    private static final Set<String> START_FRENCH =
            words("reprendre reprise reabonner reabonnez reabonne reabonnement reinscrire reinscription");
    private static final Set<String> START_ENGLISH = words("subscribe resubscribe optin");
    private static final Set<String> START_BOTH = words("start unstop");

    private static final Set<String> HELP_FRENCH = words("aide");
    private static final Set<String> HELP_ENGLISH = words("help");
    private static final Set<String> HELP_BOTH = words("info infos");

    private static final Set<String> POLITE_FRENCH = words("""
        bonjour bonsoir salut bjr bsr svp stp sil s il vous te plait merci mrc mci madame monsieur mesdames messieurs oui
        non d accord vite maintenant immediatement aussitot desormais definitivement urgent cordialement beaucoup avance et immediat definitif\
        """);
    private static final Set<String> POLITE_ENGLISH = words("""
        hello hi hey dear sir madam please pls plz plse thanks thank thx thnx tx ty you yes no ok okay now immediately just
        kindly regards and anymore again forever\
        """);

    private static final Set<String> POLITE_OTHER = words("""
        hallo bitte danke dank hola por favor gracias ciao per favore grazie alstublieft bedankt ola obrigado obrigada prosze
        dziekuje tack kiitos takk tak\
        """);

    /** What a request is wrapped in. */
    private static final Set<String> ASKING_FRENCH = words("""
        je j m me moi nous se l de d veux voudrais voudrai souhaite souhaiterais desire aimerais demande demander faut il
        veuillez vouloir bien pouvez pourriez vous peux peut on a comment faire pour merci ai dit deja repete
        alors donc encore marre\
        """);

    private static final Set<String> ASKING_ENGLISH = words("""
        i d id we you can could would will want wanna wish like need to how do please me us m said say already\
        """);

    private static final Set<String> NEGATIONS = words("""
        ne n pas jamais surtout sans aucun aucune not dont never didnt doesnt cant cannot wont wouldnt shouldnt isnt\
        """);

    /** Says nothing by itself. */
    private static final Set<String> SMALL_FRENCH = words("""
        le la les l un une des du de d a au aux mes mon ma vos votre vous nous ces cet cette ce ca m me moi s se en sur par
        dans que rien toute toutes tout tous je veux plus j ai marre avec pour ici\
        """);

    private static final Set<String> SMALL_ENGLISH = words("""
        the a an to my me i your you this that these those it them us on from of off at all any everything more with for
        with in here please ever out\
        """);

    /** What messages are called, and what is done with them. */
    private static final Set<String> MESSAGING_FRENCH = words("""
        sms smss mms texto textos message messages msg msgs mail mails pub pubs publicite publicites publicitaire
        publicitaires promo promos promotion promotions offre offres newsletter newsletters notification notifications
        spam spams envoi envois envoyer envoie envoyez envoyes recevoir recois contact contacter contactez contactes
        ecrire ecrivez ecris solliciter sollicitez sollicitations demarcher demarchage relance relances relancer rappels
        commercial commerciaux commerciale commerciales harcelement harceler liste listes fichier fichiers numero num
        tel telephone portable base donnees diffusion part prospection\
        """);

    private static final Set<String> MESSAGING_ENGLISH = words("""
        sms text texts texting message messages messaging msg msgs send sending receive receiving get getting contact
        contacting spam spamming ad ads advert adverts advertising advertisement advertisements promo promos promotion
        promotions offer offers marketing newsletter newsletters notification notifications list lists number phone
        database mailing alert alerts bothering\
        """);

    private static final Set<String> ALL = words("all tout tous toutes everything stopall stoptout");

    private static final Set<String> FRENCH = union(
            CEASE_FRENCH,
            UNSUBSCRIBE_FRENCH,
            ALONE_FRENCH,
            START_FRENCH,
            HELP_FRENCH,
            words("bonjour bonsoir svp stp merci plait je vos votre tout tous pub pubs au aux la les"));
    private static final Set<String> ENGLISH = union(
            UNSUBSCRIBE_ENGLISH,
            ALONE_ENGLISH,
            START_ENGLISH,
            HELP_ENGLISH,
            words("please pls thanks thank you the your texting messages sending me to all hello"));

    private static final List<Set<String>> MAY_BE_MISSPELT = List.of(UNSUBSCRIBE_FRENCH, UNSUBSCRIBE_ENGLISH);
    private static final int SHORTEST_MISSPELT = 9;

    private Vocabulary() {}

    static @Nullable Word word(String token) {
        if (STOP_DRAWN_OUT.matcher(token).matches() || STOP_SLIPS.contains(token)) {
            return Word.STOP;
        }
        if (in(token, START_FRENCH, START_ENGLISH, START_BOTH)) {
            return Word.START;
        }
        if (in(token, HELP_FRENCH, HELP_ENGLISH, HELP_BOTH)) {
            return Word.HELP;
        }
        if (in(token, ALONE_FRENCH, ALONE_ENGLISH) || ALONE_OTHER.contains(token)) {
            return Word.ALONE;
        }
        if (in(token, CEASE_FRENCH)) {
            return Word.CEASE;
        }
        return in(token, UNSUBSCRIBE_FRENCH, UNSUBSCRIBE_ENGLISH) || isMisspelt(token) ? Word.UNSUBSCRIBE : null;
    }

    static boolean isWord(String token) {
        return word(token) != null;
    }

    static boolean isPolite(String token) {
        return in(token, POLITE_FRENCH, POLITE_ENGLISH) || POLITE_OTHER.contains(token);
    }

    static boolean isAsking(String token) {
        return in(token, ASKING_FRENCH, ASKING_ENGLISH);
    }

    static boolean isNegation(String token) {
        return NEGATIONS.contains(token);
    }

    static boolean isSmall(String token) {
        return in(token, SMALL_FRENCH, SMALL_ENGLISH);
    }

    static boolean isMessaging(String token) {
        return in(token, MESSAGING_FRENCH, MESSAGING_ENGLISH);
    }

    static boolean isAll(String token) {
        return ALL.contains(token);
    }

    static @Nullable Language language(String token) {
        boolean french = FRENCH.contains(token) || matchesOne(token, UNSUBSCRIBE_FRENCH);
        return french == ENGLISH.contains(token) ? null : french ? Language.FRENCH : Language.ENGLISH;
    }

    /** Exactly, or with question marks for letters that got lost. */
    @SafeVarargs
    private static boolean in(String token, Set<String>... sets) {
        for (Set<String> words : sets) {
            if (words.contains(token) || (token.indexOf('?') >= 0 && matchesOne(token, words))) {
                return true;
            }
        }
        return false;
    }

    private static boolean matchesOne(String token, Set<String> words) {
        Pattern pattern = Pattern.compile(token.replace('?', '.'));
        return words.stream().anyMatch(word -> pattern.matcher(word).matches());
    }

    /** Long words of this kind are like no others: one slip, or two in a very long one, and they are still meant. */
    private static boolean isMisspelt(String token) {
        if (token.length() < SHORTEST_MISSPELT - 1) {
            return false;
        }
        return MAY_BE_MISSPELT.stream()
                .flatMap(Set::stream)
                .filter(word -> word.length() >= SHORTEST_MISSPELT)
                .anyMatch(word -> slips(token, word) <= (word.length() >= 10 ? 2 : 1));
    }

    /** How many letters are wrong, missing, too many or changed with their neighbour. */
    static int slips(String one, String other) {
        int[][] distance = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                if (i == 0 || j == 0) {
                    distance[i][j] = i + j;
                    continue;
                }
                int changed = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
                int least = Math.min(
                        Math.min(distance[i - 1][j], distance[i][j - 1]) + 1, distance[i - 1][j - 1] + changed);
                if (i > 1
                        && j > 1
                        && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1)) {
                    least = Math.min(least, distance[i - 2][j - 2] + 1);
                }
                distance[i][j] = least;
            }
        }
        return distance[one.length()][other.length()];
    }

    private static Set<String> words(String list) {
        return Set.copyOf(List.of(list.strip().split("\\s+")));
    }

    @SafeVarargs
    private static Set<String> union(Set<String>... sets) {
        Set<String> all = new HashSet<>();
        for (Set<String> each : sets) {
            all.addAll(each);
        }
        return Set.copyOf(all);
    }
}
