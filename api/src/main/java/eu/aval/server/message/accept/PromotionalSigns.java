// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.accept;

import eu.aval.spi.submit.MessageClass;
import java.text.Normalizer;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Tells when a text reads like marketing though its purpose says otherwise: who calls a promotion transactional gets
 * around consent, hours and the STOP mention. A sign, not a proof: the message goes its way, and the DPO is told.
 * {@code schema/classification/texts.tsv} says which texts are meant, line by line.
 */
final class PromotionalSigns {

    /** What was seen. Names are stored and shown: they are stable. */
    enum Sign {
        /** How to refuse further messages, which only marketing has to say. */
        STOP_MENTION,
        /** A percentage off. */
        REDUCTION,
        /** Words of a sale. */
        OFFER,
        /** A price to begin with. */
        PRICE,
        /** To buy, to come, to hurry. */
        CALL_TO_BUY
    }

    private static final Set<MessageClass> OTHERS =
            EnumSet.of(MessageClass.OTP, MessageClass.TRANSACTIONAL, MessageClass.ALERT, MessageClass.SERVICE);

    private static final Pattern STOP = Pattern.compile(
            "\\bstop ?(?:sms|pub)? ?(?:au |to |: ?)?[0-9]{5}\\b|\\b(?:stop pub|stop sms|pour vous desabonner|to unsubscribe|to opt out)\\b");
    private static final Pattern REDUCTION = Pattern.compile(
            "(?:^|[ (:])[-\u2212\u2013] ?[0-9]{1,2} ?%|\\b[0-9]{1,2} ?% (?:de (?:remise|reduction)|off\\b|sur (?:tout|tous|toute|toutes|vos|votre|une)\\b)"
                    + "|\\bjusqu.a [0-9]{1,2} ?%|\\bup to [0-9]{1,2} ?%");
    private static final Pattern OFFER = Pattern.compile(
            "\\b(?:soldes|promos?|promotions?|code promo|promo code|ventes? (?:privees?|flash)|black friday|bons? plans?|remises? exceptionnelles?"
                    + "|offres? (?:speciales?|exclusives?|limitees?|flash|de bienvenue|du jour)|special offer|exclusive offer|flash sale|clearance"
                    + "|discounts?|destockage|prix casses?|offert(?:e?s?) des|achete[sz]? [0-9] .{0,12}offert|gratuits? pour tout achat)\\b");
    private static final Pattern PRICE = Pattern.compile(
            "\\b(?:des|a partir de|seulement|plus que|from|only|just) (?:[$\u00a3\u20ac] ?[0-9]{1,5}|[0-9]{1,5}(?:[.,][0-9]{1,2})? ?(?:\u20ac|eur\\b|euros?\\b))");
    private static final Pattern CALL_TO_BUY = Pattern.compile(
            "\\b(?:profitez|foncez|craquez|ne (?:manquez|ratez) pas|dernier(?:e?s)? (?:jours?|heures?|chance)|derniere chance|vite ?!|j.en profite|decouvrez (?:nos|notre|la)"
                    + "|shop now|buy now|order now|don.t miss|last chance|hurry|ends (?:today|tonight|sunday|soon)|visit our (?:shop|store)|rendez-vous en (?:magasin|boutique)|en magasin et sur)");
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");

    private PromotionalSigns() {}

    /** Names of signs. Empty where nothing looks like a promotion, and for purposes that are allowed to be one. */
    static Set<String> of(MessageClass messageClass, String text) {
        if (!OTHERS.contains(messageClass)) {
            return Set.of();
        }
        Set<Sign> seen = seen(text);
        boolean certain = seen.contains(Sign.STOP_MENTION) || seen.contains(Sign.REDUCTION);
        return certain || seen.size() > 1
                ? seen.stream().map(Enum::name).collect(Collectors.toUnmodifiableSet())
                : Set.of();
    }

    private static Set<Sign> seen(String text) {
        String plain = MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFD))
                .replaceAll("")
                .toLowerCase(Locale.ROOT);
        Set<Sign> seen = EnumSet.noneOf(Sign.class);
        // Most texts have none of the words that a pattern cannot do without, and are spared the pattern
        if (holdsAny(plain, "stop", "desabonner", "unsubscribe", "opt out")) {
            see(seen, Sign.STOP_MENTION, STOP, plain);
        }
        if (holdsAny(plain, "%")) {
            see(seen, Sign.REDUCTION, REDUCTION, plain);
        }
        if (holdsAny(plain, "\u20ac", "$", "\u00a3", "eur")) {
            see(seen, Sign.PRICE, PRICE, plain);
        }
        see(seen, Sign.OFFER, OFFER, plain);
        // Alone it means nothing
        if (!seen.isEmpty()) {
            see(seen, Sign.CALL_TO_BUY, CALL_TO_BUY, plain);
        }
        return seen;
    }

    private static boolean holdsAny(String text, String... words) {
        for (String word : words) {
            if (text.contains(word)) {
                return true;
            }
        }
        return false;
    }

    private static void see(Set<Sign> seen, Sign sign, Pattern pattern, String text) {
        if (pattern.matcher(text).find()) {
            seen.add(sign);
        }
    }
}
