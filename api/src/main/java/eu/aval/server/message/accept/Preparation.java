// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.accept;

import eu.aval.server.access.Application;
import eu.aval.server.consent.Purpose;
import eu.aval.server.consent.Sender;
import eu.aval.server.contact.PhoneNumbers;
import eu.aval.server.personaldata.MessageText;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.policy.ComposedText;
import eu.aval.server.policy.Place;
import eu.aval.server.routing.Route;
import eu.aval.server.routing.Routes;
import eu.aval.server.shared.Characters;
import eu.aval.server.shared.Money;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.server.shared.Rfc3339;
import eu.aval.server.shared.TimeOrderedId;
import eu.aval.spi.submit.MessageClass;
import eu.aval.spi.text.EncodingChoice;
import eu.aval.spi.text.Segmentation;
import eu.aval.spi.text.SegmentationOptions;
import eu.aval.spi.text.Transliteration;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * From what was asked for to what could be sent: everything that can be checked without the database. The same for one
 * message, a batch and a preview. Every defect is found, not only the first.
 */
@Component
final class Preparation {

    static final Duration LATE = Duration.ofMinutes(1);
    static final Duration FURTHEST_AHEAD = Duration.ofDays(90);
    static final Duration SHORTEST_VALIDITY = Duration.ofSeconds(30);
    static final Duration LONGEST_VALIDITY = Duration.ofDays(7);
    static final int LONGEST_REFERENCE = 200;

    private static final Duration OTP_VALIDITY = Duration.ofMinutes(15);
    private static final Duration VALIDITY = Duration.ofDays(2);
    /** No text of this length fits any number of parts; cutting it up to say so would cost. */
    private static final int LONGEST_TEXT = Segmentation.MAXIMUM_PARTS * 153;

    private static final Pattern VALIDITY_FORM = Pattern.compile("P([1-9][0-9]{0,5}D|T[1-9][0-9]{0,6}[HMS])");
    private static final List<String> ENCODINGS = List.of("auto", "gsm7", "ucs2");

    private final Routes routes;
    private final Clock clock;

    Preparation(Routes routes, Clock clock) {
        this.routes = routes;
        this.clock = clock;
    }

    /**
     * @param operation that the key belongs to
     * @throws Problem with every defect that was found
     */
    Prepared prepare(
            Application application, Terms terms, SendRequest request, @Nullable IdempotencyKey key, String operation) {
        Defects defects = new Defects(request.defects());
        Purpose purpose = purpose(application, terms, request.purpose(), defects);
        PhoneNumber to = recipient(request.to(), defects);
        String region = region(request.recipientRegion(), to, defects);
        Sender from = sender(application, terms, request.from(), defects);
        boolean french = transliterate(request.transliterate(), defects);
        String text = text(request.text(), french, defects);
        ComposedText composed = text == null ? null : composed(text, purpose, from, terms);
        Segmentation segmentation = composed == null ? null : segmentation(composed.text(), terms, request, defects);
        String reference = reference(request.clientReference(), defects);
        Duration validity = validity(request.validity(), purpose, defects);
        boolean discard = discard(request.privacyText(), purpose, defects);
        Money maxPrice = maxPrice(request, defects);
        Instant now = clock.instant();
        Instant sendAt = sendAt(request.sendAt(), defects);
        Problem late = late(sendAt, now, defects, key != null);
        if (!defects.isEmpty()
                || purpose == null
                || to == null
                || from == null
                || composed == null
                || segmentation == null
                || validity == null) {
            throw defects.problem();
        }
        Route route = route(application, to, purpose, segmentation.parts(), maxPrice);
        return new Prepared(
                TimeOrderedId.next(),
                application,
                to,
                from,
                purpose,
                terms.countries(),
                terms.rulePack(),
                Place.of(to, region),
                MessageText.of(composed.text()),
                composed.mention(),
                segmentation,
                reference == null ? null : MessageText.of(reference),
                sendAt == null || !sendAt.isAfter(now) ? null : sendAt,
                validity,
                request.validity() != null,
                discard,
                route.accountId(),
                route.price(segmentation.parts()),
                maxPrice,
                terms.rules(),
                PromotionalSigns.of(purpose.messageClass(), composed.text()),
                key == null ? null : new Prepared.Idempotency(key, operation, CanonicalBody.of(request)),
                late);
    }

    private @Nullable Purpose purpose(Application application, Terms terms, @Nullable String key, Defects defects) {
        if (key == null) {
            defects.add(ProblemType.PURPOSE_REQUIRED, "/purpose", "Each message says what it is for");
            return null;
        }
        Purpose purpose = terms.purposes().get(key);
        if (purpose == null || purpose.retired()) {
            defects.add(ProblemType.PURPOSE_UNKNOWN, "/purpose", "The tenant has declared no such purpose");
            return null;
        }
        Set<String> granted = application.purposes();
        if (granted != null && !granted.contains(key)) {
            defects.add(ProblemType.PURPOSE_NOT_GRANTED, "/purpose", "The key may not send for this purpose");
            return null;
        }
        return purpose;
    }

    private @Nullable PhoneNumber recipient(@Nullable String to, Defects defects) {
        if (to == null) {
            defects.invalid("/to", "REQUIRED", "The recipient's number in E.164");
            return null;
        }
        return switch (PhoneNumbers.read(to)) {
            case PhoneNumbers.Reading.Mobile mobile -> mobile.number();
            case PhoneNumbers.Reading.Refused refused -> {
                defects.add(refused.problem(), "/to", refused.detail());
                yield null;
            }
        };
    }

    private static @Nullable String region(@Nullable String region, @Nullable PhoneNumber to, Defects defects) {
        if (region != null && to != null && !Place.isRegion(to.country(), region)) {
            defects.invalid("/recipientRegion", "INVALID_VALUE", "ISO 3166-2 of the number's country, such as FR-67");
            return null;
        }
        return region;
    }

    private @Nullable Sender sender(Application application, Terms terms, @Nullable String value, Defects defects) {
        Set<String> granted = application.senders();
        if (value == null) {
            Sender standard = terms.standardSender();
            if (granted != null && (standard == null || !granted.contains(standard.value()))) {
                // A key for one sender need not name it
                standard = granted.size() == 1
                        ? terms.senders().get(granted.iterator().next())
                        : null;
            }
            if (standard == null) {
                defects.add(
                        ProblemType.SENDER_NOT_DECLARED,
                        "/from",
                        "There is no default sender: name one that is declared");
            }
            return standard;
        }
        String misfit = SenderForm.misfit(value);
        if (misfit != null) {
            defects.invalid("/from", "INVALID_SENDER", misfit);
            return null;
        }
        Sender sender = terms.senders().get(value);
        if (sender == null || sender.retired()) {
            defects.add(ProblemType.SENDER_NOT_DECLARED, "/from", "The tenant has declared no such sender");
        } else if (granted != null && !granted.contains(value)) {
            defects.add(ProblemType.SENDER_NOT_GRANTED, "/from", "The key may not use this sender");
            return null;
        }
        return sender;
    }

    private static boolean transliterate(@Nullable String value, Defects defects) {
        if (value != null && !value.equals("none") && !value.equals("fr")) {
            defects.invalid("/transliterate", "INVALID_VALUE", "One of: none, fr");
        }
        return "fr".equals(value);
    }

    private static @Nullable String text(@Nullable String text, boolean french, Defects defects) {
        if (text == null || text.isEmpty()) {
            defects.invalid("/text", "REQUIRED", "The text to send");
            return null;
        }
        if (text.length() > LONGEST_TEXT) {
            defects.add(ProblemType.TOO_MANY_PARTS, "/text", "The text is longer than any message");
            return null;
        }
        return french ? Transliteration.french(text) : text;
    }

    /** With what the rules want in it; as it is while it is not known for what it is, or from whom. */
    private static ComposedText composed(String text, @Nullable Purpose purpose, @Nullable Sender from, Terms terms) {
        return purpose == null || from == null || terms.rulePack() == null
                ? new ComposedText(text, null)
                : ComposedText.of(terms.rulePack(), purpose.messageClass(), from, text);
    }

    private static @Nullable Segmentation segmentation(String text, Terms terms, SendRequest request, Defects defects) {
        int most = terms.maximumParts();
        Integer maxParts = request.maxParts();
        if (maxParts != null) {
            if (maxParts < 1 || maxParts > Segmentation.MAXIMUM_PARTS) {
                defects.invalid("/maxParts", "INVALID_VALUE", "1 to " + Segmentation.MAXIMUM_PARTS);
            } else {
                most = Math.min(most, maxParts);
            }
        }
        String encoding = request.encoding() == null ? "auto" : request.encoding();
        if (!ENCODINGS.contains(encoding)) {
            defects.invalid("/encoding", "INVALID_VALUE", "One of: auto, gsm7, ucs2");
            return null;
        }
        Segmentation segmentation = Segmentation.of(
                text,
                SegmentationOptions.of(
                        switch (encoding) {
                            case "gsm7" -> EncodingChoice.GSM7;
                            case "ucs2" -> EncodingChoice.UCS2;
                            default -> EncodingChoice.AUTO;
                        }));
        Segmentation.Misfit misfit = segmentation.misfit();
        if (misfit == Segmentation.Misfit.LONE_SURROGATE) {
            defects.invalid("/text", "LONE_SURROGATE", "Half of a surrogate pair is no character");
        } else if (misfit == Segmentation.Misfit.NOT_IN_ALPHABET) {
            defects.add(
                    ProblemType.ENCODING_NOT_POSSIBLE,
                    "/text",
                    segmentation.offendingCharacters().size()
                            + " characters are not in GSM-7: preview with encoding auto shows which");
        } else if (segmentation.parts() > most) {
            defects.add(
                    ProblemType.TOO_MANY_PARTS,
                    "/text",
                    "It takes " + segmentation.parts() + " parts and " + most + " are allowed");
        }
        return segmentation;
    }

    private static @Nullable String reference(@Nullable String reference, Defects defects) {
        if (reference == null) {
            return null;
        }
        if (reference.isEmpty() || reference.length() > LONGEST_REFERENCE) {
            defects.invalid("/clientReference", "INVALID_LENGTH", "1 to " + LONGEST_REFERENCE + " characters");
        } else if (Characters.hasLoneSurrogate(reference)) {
            defects.invalid("/clientReference", "LONE_SURROGATE", "Half of a surrogate pair is no character");
        }
        return reference;
    }

    private static @Nullable Duration validity(@Nullable String value, @Nullable Purpose purpose, Defects defects) {
        if (value == null) {
            return purpose != null && purpose.messageClass() == MessageClass.OTP ? OTP_VALIDITY : VALIDITY;
        }
        if (!VALIDITY_FORM.matcher(value).matches()) {
            defects.invalid("/validity", "INVALID_VALUE", "An ISO 8601 duration in one unit, such as PT30M or P1D");
            return null;
        }
        Duration validity = Duration.parse(value);
        if (validity.compareTo(SHORTEST_VALIDITY) < 0 || validity.compareTo(LONGEST_VALIDITY) > 0) {
            defects.invalid("/validity", "OUT_OF_RANGE", SHORTEST_VALIDITY + " to " + LONGEST_VALIDITY);
            return null;
        }
        return validity;
    }

    /** One-time codes are discarded in any case; a request may ask for more privacy and never for less. */
    private static boolean discard(@Nullable String value, @Nullable Purpose purpose, Defects defects) {
        boolean always = purpose != null && purpose.messageClass() == MessageClass.OTP;
        if (value == null || value.equals("discard")) {
            return always || value != null;
        }
        if (!value.equals("retain")) {
            defects.invalid("/privacy/text", "INVALID_VALUE", "One of: retain, discard");
        } else if (always) {
            defects.invalid("/privacy/text", "PRIVACY_LOOSENED", "The text of a one-time code is always discarded");
        }
        return always;
    }

    private static @Nullable Instant sendAt(@Nullable String value, Defects defects) {
        if (value == null) {
            return null;
        }
        try {
            return Rfc3339.parse(value);
        } catch (DateTimeException e) {
            defects.invalid("/sendAt", "INVALID_VALUE", "RFC 3339 with an offset, such as 2026-12-01T09:00:00+01:00");
            return null;
        }
    }

    private static @Nullable Problem late(
            @Nullable Instant sendAt, Instant now, Defects defects, boolean mayBeRepetition) {
        if (sendAt == null) {
            return null;
        }
        if (sendAt.isAfter(now.plus(FURTHEST_AHEAD))) {
            defects.invalid("/sendAt", "TOO_FAR_AHEAD", "At most 90 days ahead");
        }
        if (!sendAt.isBefore(now.minus(LATE))) {
            return null;
        }
        Defects past = mayBeRepetition ? new Defects(List.of()) : defects;
        past.invalid("/sendAt", "IN_THE_PAST", "The time has passed");
        return mayBeRepetition ? past.problem() : null;
    }

    private static @Nullable Money maxPrice(SendRequest request, Defects defects) {
        String amount = request.maxPriceAmount();
        String currency = request.maxPriceCurrency();
        if (amount == null && currency == null) {
            return null;
        }
        Money money = amount == null || currency == null ? null : Money.parse(amount, currency);
        if (money == null) {
            defects.invalid(
                    "/maxPrice", "INVALID_VALUE", "{\"amount\": \"0.10\", \"currency\": \"EUR\"}: up to five decimals");
        }
        return money;
    }

    private Route route(Application application, PhoneNumber to, Purpose purpose, int parts, @Nullable Money maxPrice) {
        boolean test = application.kind() == Application.Kind.TEST;
        List<Route> candidates = routes.candidates(application.tenant(), test, to, purpose.messageClass());
        if (candidates.isEmpty()) {
            throw routes.unserved(application.tenant(), test, to, purpose.messageClass());
        }
        for (Route each : candidates) {
            if (each.isWithin(maxPrice, parts)) {
                return each;
            }
        }
        throw tooDear(candidates, parts, Objects.requireNonNull(maxPrice));
    }

    private static Problem tooDear(List<Route> candidates, int parts, Money maxPrice) {
        boolean known = candidates.stream()
                .map(each -> each.price(parts))
                .anyMatch(price -> price != null && price.currency().equals(maxPrice.currency()));
        return known
                ? new Problem(ProblemType.PRICE_TOO_HIGH, "On each route with a price it costs more than maxPrice")
                : new Problem(ProblemType.PRICE_UNKNOWN, "No route has a price in the currency of maxPrice");
    }
}
