// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.accept;

import static java.nio.charset.StandardCharsets.UTF_8;

import eu.aval.server.access.Application;
import eu.aval.server.consent.LegalBasis;
import eu.aval.server.contact.NewSubject;
import eu.aval.server.contact.TimeZones;
import eu.aval.server.encryption.AssociatedData;
import eu.aval.server.encryption.SubjectKey;
import eu.aval.server.encryption.TenantKeys;
import eu.aval.server.limit.Asked;
import eu.aval.server.limit.NumberBlock;
import eu.aval.server.limit.Tally;
import eu.aval.server.limit.TrafficRules;
import eu.aval.server.message.MessageStatus;
import eu.aval.server.message.accept.Acceptance.Accepted;
import eu.aval.server.message.accept.Acceptance.Refused;
import eu.aval.server.message.accept.Prepared.Idempotency;
import eu.aval.server.message.store.Findings;
import eu.aval.server.message.store.Findings.Used;
import eu.aval.server.message.store.MessageRows;
import eu.aval.server.message.store.NewMessages;
import eu.aval.server.message.store.NewMessages.NewMessage;
import eu.aval.server.message.store.Question;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.personaldata.PlaintextAccess;
import eu.aval.server.policy.Facts;
import eu.aval.server.policy.Gate;
import eu.aval.server.policy.Verdict;
import eu.aval.server.shared.Money;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.spi.submit.MessageClass;
import eu.aval.spi.text.Encoding;
import eu.aval.spi.text.Segmentation;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one transaction under one version of the tenant's keys: what must be known about them, and, once it is
 * known, what becomes of each. Pure computation; no message has influence on another.
 */
final class AcceptedBatch {

    private static final String BODY = "idempotency-body";
    private static final Duration KEY_RETENTION = Duration.ofHours(24);

    private final TenantKeys keys;
    private final KeyHashes hashes;
    private final List<Prepared> messages;
    private final Instant now;
    /** Each number once, and which one each message is for. */
    private final List<PhoneNumber> numbers = new ArrayList<>();

    private final int[] positions;
    private final List<Admitted> admitted = new ArrayList<>();
    private final @Nullable SubjectKey[] subjects;
    private final boolean[] fresh;

    AcceptedBatch(TenantKeys keys, List<Prepared> messages, Instant now) {
        this.keys = keys;
        this.hashes = new KeyHashes(keys);
        this.messages = messages;
        this.now = now;
        this.positions = new int[messages.size()];
        Map<PhoneNumber, Integer> places = HashMap.newHashMap(messages.size());
        for (int i = 0; i < positions.length; i++) {
            PhoneNumber number = messages.get(i).to();
            Integer place = places.putIfAbsent(number, numbers.size());
            if (place == null) {
                positions[i] = numbers.size();
                numbers.add(number);
            } else {
                positions[i] = place;
            }
        }
        this.subjects = new SubjectKey[numbers.size()];
        this.fresh = new boolean[numbers.size()];
    }

    Question question() {
        Question question = new Question();
        List<List<byte[]>> indexes = new ArrayList<>(numbers.size());
        for (int position = 0; position < numbers.size(); position++) {
            List<byte[]> own = keys.indexes(numbers.get(position));
            indexes.add(own);
            question.number(position, own);
        }
        for (int i = 0; i < messages.size(); i++) {
            Prepared message = messages.get(i);
            if (message.purpose().legalBasis() == LegalBasis.CONSENT) {
                question.consent(i, positions[i], message.purpose().id());
            }
            if (message.application().kind() == Application.Kind.TEAM) {
                question.listed(i, message.application().keyId(), indexes.get(positions[i]));
            }
            Idempotency idempotency = message.idempotency();
            if (idempotency != null) {
                question.key(i, message.application().keyId(), idempotency.operation(), hashes.of(idempotency.key()));
            }
        }
        return question;
    }

    Instant now() {
        return now;
    }

    /** How much the tenant may send; the newest that a message came with. */
    TrafficRules rules() {
        return messages.getLast().rules();
    }

    /** Whom the tenant has written to before. */
    Set<UUID> known(Findings findings) {
        Set<UUID> known = new HashSet<>();
        for (int position = 0; position < numbers.size(); position++) {
            Findings.Known found = findings.known(position);
            if (found != null) {
                known.add(found.subjectId());
            }
        }
        return known;
    }

    /** Of the numbers that one-time codes are for. */
    Set<String> blocks() {
        Set<String> blocks = new HashSet<>();
        for (Prepared message : messages) {
            if (message.purpose().messageClass() == MessageClass.OTP) {
                blocks.add(NumberBlock.of(message.to()));
            }
        }
        return blocks;
    }

    /** What limits look at. */
    Asked asked(int i, Findings findings) {
        Prepared message = messages.get(i);
        Findings.Known known = findings.known(positions[i]);
        boolean otp = message.purpose().messageClass() == MessageClass.OTP;
        return new Asked(
                message.application().keyId(),
                positions[i],
                known == null ? null : known.subjectId(),
                otp,
                otp ? NumberBlock.of(message.to()) : "",
                message.segmentation().parts(),
                message.price());
    }

    /** What limits let through. */
    List<Admitted> admitted() {
        return admitted;
    }

    /** Fills in a result for each message and returns the rows of those that may be accepted. */
    NewMessages decide(Findings findings, Tally tally, Acceptance[] results) {
        NewMessages rows = new NewMessages(now);
        for (int i = 0; i < results.length; i++) {
            Prepared message = messages.get(i);
            Acceptance before = before(message, findings.used(i));
            if (before != null) {
                results[i] = before;
                continue;
            }
            Problem hindrance = hindrance(message, i, findings);
            if (hindrance != null) {
                results[i] = new Refused(hindrance);
                continue;
            }
            Verdict verdict = verdict(message, i, findings);
            if (verdict instanceof Verdict.Refused refused) {
                results[i] = new Refused(new Problem(refused.code(), refused.why()));
                continue;
            }
            if (verdict instanceof Verdict.Deferred deferred && outlives(message, deferred.until())) {
                results[i] = new Refused(tooLate());
                continue;
            }
            // Only what is lawful counts
            Asked asked = asked(i, findings);
            Tally.Answer answer = tally.admit(asked);
            if (answer.problem() != null) {
                results[i] = new Refused(answer.problem());
                continue;
            }
            admitted.add(new Admitted(message, asked, answer.lifted()));
            Instant sendAt =
                    verdict instanceof Verdict.Deferred deferred ? later(message, deferred.until()) : message.sendAt();
            results[i] = accept(message, positions[i], findings, verdict, sendAt, rows);
        }
        return rows;
    }

    /** What the gate says to one message; for a preview, too. */
    Verdict verdict(Prepared message, int i, Findings findings) {
        return Gate.decide(facts(message, i, findings), now);
    }

    private Facts facts(Prepared message, int i, Findings findings) {
        if (message.rulePack() == null) {
            return new Facts.Unreadable();
        }
        return new Facts.Known(
                message.purpose(),
                message.from(),
                new Facts.Recipient(message.place(), findings.age(positions[i])),
                new Facts.Permission(
                        findings.consent(i), findings.guardian(i), findings.suppressions(positions[i]), now),
                new Facts.Terms(message.countries(), message.rulePack()),
                wanted(message));
    }

    @Nullable
    Problem hindrance(Prepared message, int i, Findings findings) {
        if (message.unlessReplayed() != null) {
            return message.unlessReplayed();
        }
        if (message.application().kind() == Application.Kind.TEAM && !findings.isListed(i)) {
            String detail = "A team key writes to the numbers on its list only";
            return new Problem(
                    ProblemType.RECIPIENT_NOT_GRANTED,
                    detail,
                    List.of(new Problem.Field("/to", ProblemType.RECIPIENT_NOT_GRANTED.name(), detail)));
        }
        return null;
    }

    /** The answer that this idempotency key already has. */
    private @Nullable Acceptance before(Prepared message, @Nullable Used used) {
        Idempotency idempotency = message.idempotency();
        if (used == null || idempotency == null) {
            return null;
        }
        return isSame(keys, idempotency, used)
                ? again(used, message.segmentation(), message.price())
                : new Refused(new Problem(
                        ProblemType.IDEMPOTENCY_KEY_REUSED, "The key was used with a body that says something else"));
    }

    /** Whether the key was used with a body that says the same. */
    static boolean isSame(TenantKeys keys, Idempotency idempotency, Used used) {
        return keys.indexes(BODY, idempotency.body()).stream()
                .anyMatch(fingerprint -> Arrays.equals(fingerprint, used.fingerprint()));
    }

    /** @param segmentation of the text that was given, should the message be gone */
    static Accepted again(Used used, Segmentation segmentation, @Nullable Money price) {
        return new Accepted(
                used.messageId(),
                used.status() == null ? MessageStatus.UNKNOWN : MessageStatus.valueOf(used.status()),
                used.encoding() == null ? segmentation.encoding() : Encoding.valueOf(used.encoding()),
                used.parts() == 0 ? segmentation.parts() : used.parts(),
                used.sendAt(),
                price,
                null,
                true);
    }

    private Accepted accept(
            Prepared message,
            int position,
            Findings findings,
            Verdict verdict,
            @Nullable Instant sendAt,
            NewMessages rows) {
        SubjectKey subject = subject(position, findings, rows);
        UUID id = message.id();
        Instant dueAt = sendAt == null ? now : sendAt;
        MessageStatus status = sendAt == null ? MessageStatus.QUEUED : MessageStatus.SCHEDULED;
        byte[] reference = message.clientReference() == null
                ? null
                : message.clientReference().reveal(PlaintextAccess.forSealing()).getBytes(UTF_8);
        MessageClass messageClass = message.purpose().messageClass();
        rows.add(new NewMessage(
                id,
                subject.subjectId(),
                fresh[position],
                message.application().keyId(),
                message.purpose().id(),
                messageClass.name(),
                message.from().value(),
                message.to().country(),
                message.place().region(),
                TimeZones.tells(message.to())
                        ? message.place().zones().stream().map(ZoneId::getId).toArray(String[]::new)
                        : null,
                subject.seal(
                        message.text().reveal(PlaintextAccess.forSealing()).getBytes(UTF_8),
                        new AssociatedData(keys.tenant(), "message", "text_sealed", id)),
                reference == null
                        ? null
                        : subject.seal(reference, new AssociatedData(keys.tenant(), "message", "reference_sealed", id)),
                reference == null ? null : keys.index(MessageRows.REFERENCE, reference),
                message.segmentation().encoding().name(),
                message.segmentation().parts(),
                message.isTest(),
                message.discardText(),
                verdict,
                status.name(),
                sendAt,
                expiresAt(message, dueAt),
                message.route(),
                lane(messageClass),
                dueAt,
                message.price(),
                message.maxPrice(),
                key(message.idempotency(), dueAt),
                message.validityGiven()));
        return new Accepted(
                id,
                status,
                message.segmentation().encoding(),
                message.segmentation().parts(),
                sendAt,
                message.price(),
                verdict instanceof Verdict.Deferred deferred ? deferred : null,
                false);
    }

    private NewMessages.@Nullable Key key(@Nullable Idempotency idempotency, Instant dueAt) {
        return idempotency == null
                ? null
                : new NewMessages.Key(
                        idempotency.operation(),
                        hashes.of(idempotency.key()).getFirst(),
                        keys.index(BODY, idempotency.body()),
                        dueAt.plus(KEY_RETENTION));
    }

    private SubjectKey subject(int position, Findings findings, NewMessages rows) {
        SubjectKey subject = subjects[position];
        if (subject != null) {
            return subject;
        }
        Findings.Known known = findings.known(position);
        if (known != null) {
            subject = keys.subjectKey(known.subjectId(), known.wrappedKey());
        } else {
            NewSubject created = NewSubject.of(keys, numbers.get(position));
            subject = created.key();
            fresh[position] = true;
            rows.add(created);
        }
        subjects[position] = subject;
        return subject;
    }

    /** What was asked for holds; otherwise validity counts from when it may leave. */
    private Instant expiresAt(Prepared message, Instant dueAt) {
        return (message.validityGiven() ? wanted(message) : dueAt).plus(message.validity());
    }

    /** Whether it would be put off for longer than it is worth sending. */
    boolean outlives(Prepared message, Instant until) {
        return message.validityGiven() && !until.isBefore(wanted(message).plus(message.validity()));
    }

    static Problem tooLate() {
        return new Problem(ProblemType.OUTSIDE_HOURS, "The hours for such messages open when its validity is over");
    }

    private Instant wanted(Prepared message) {
        Instant sendAt = message.sendAt();
        return sendAt == null || sendAt.isBefore(now) ? now : sendAt;
    }

    static Instant later(Prepared message, Instant until) {
        Instant sendAt = message.sendAt();
        return sendAt == null || sendAt.isBefore(until) ? until : sendAt;
    }

    /** One-time codes, what people wait for, the rest: in this order they leave. */
    private static int lane(MessageClass messageClass) {
        return switch (messageClass) {
            case OTP -> 0;
            case TRANSACTIONAL, ALERT, SERVICE -> 1;
            case MARKETING, SURVEY -> 2;
        };
    }
}
