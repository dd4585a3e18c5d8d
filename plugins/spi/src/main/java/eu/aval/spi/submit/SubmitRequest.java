// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.spi.submit;

import eu.aval.spi.text.Address;
import eu.aval.spi.text.Encoding;
import eu.aval.spi.text.Text;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One message for one recipient: exactly what the carrier must see, and no more. Immutable; {@link #toString()} masks
 * number and text.
 */
public final class SubmitRequest {

    private final UUID messageId;
    private final int attempt;
    private final Address to;
    private final Address from;
    private final Text text;
    private final Encoding encoding;
    private final MessageClass messageClass;
    private final @Nullable Duration validity;
    private final boolean receipt;
    private final Map<String, String> options;

    private SubmitRequest(Builder builder) {
        this.messageId = builder.messageId;
        this.attempt = builder.attempt;
        this.to = builder.to;
        this.from = builder.from;
        this.text = builder.text;
        this.encoding = builder.encoding;
        this.messageClass = builder.messageClass;
        this.validity = builder.validity;
        this.receipt = builder.receipt;
        this.options = Map.copyOf(builder.options);
    }

    public static Builder builder(UUID messageId, Address to, Address from, Text text) {
        return new Builder(messageId, to, from, text);
    }

    /** Opaque; may be given to the carrier as a reference. */
    public UUID messageId() {
        return messageId;
    }

    /** 1 for the first try on any carrier. */
    public int attempt() {
        return attempt;
    }

    /**
     * Names this message for a carrier that removes duplicates: the same over all attempts on one account, so that a
     * resend after {@link SubmitOutcome.Uncertain} cannot arrive twice.
     */
    public String idempotencyKey() {
        return messageId.toString();
    }

    public Address to() {
        return to;
    }

    public Address from() {
        return from;
    }

    public Text text() {
        return text;
    }

    /** The encoding the parts were counted with; {@code Segmentation.of(text, encoding)} splits the text the same way. */
    public Encoding encoding() {
        return encoding;
    }

    public MessageClass messageClass() {
        return messageClass;
    }

    /** How long from now the carrier may try; null is the carrier's default. */
    public @Nullable Duration validity() {
        return validity;
    }

    /** Whether a delivery receipt is wanted. */
    public boolean receipt() {
        return receipt;
    }

    /** Options of this carrier from the route, by name. */
    public Map<String, String> options() {
        return options;
    }

    @Override
    public String toString() {
        return "SubmitRequest[" + messageId + " attempt " + attempt + ", to " + to + ", from " + from + ", " + text
                + ", " + encoding + ", " + messageClass + "]";
    }

    /** Builds a request; everything but the first four has a default. */
    public static final class Builder {

        private final UUID messageId;
        private final Address to;
        private final Address from;
        private final Text text;
        private int attempt = 1;
        private Encoding encoding = Encoding.GSM7;
        private MessageClass messageClass = MessageClass.TRANSACTIONAL;
        private @Nullable Duration validity;
        private boolean receipt = true;
        private Map<String, String> options = Map.of();

        private Builder(UUID messageId, Address to, Address from, Text text) {
            this.messageId = Objects.requireNonNull(messageId, "messageId");
            this.to = Objects.requireNonNull(to, "to");
            this.from = Objects.requireNonNull(from, "from");
            this.text = Objects.requireNonNull(text, "text");
        }

        public Builder attempt(int number) {
            this.attempt = number;
            return this;
        }

        public Builder encoding(Encoding value) {
            this.encoding = value;
            return this;
        }

        public Builder messageClass(MessageClass value) {
            this.messageClass = value;
            return this;
        }

        public Builder validity(@Nullable Duration value) {
            this.validity = value;
            return this;
        }

        public Builder receipt(boolean wanted) {
            this.receipt = wanted;
            return this;
        }

        public Builder options(Map<String, String> values) {
            this.options = values;
            return this;
        }

        public SubmitRequest build() {
            return new SubmitRequest(this);
        }
    }
}
