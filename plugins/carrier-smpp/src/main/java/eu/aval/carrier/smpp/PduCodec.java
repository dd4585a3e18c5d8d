// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import eu.aval.carrier.smpp.Pdu.Answer;
import eu.aval.carrier.smpp.Pdu.Bind;
import eu.aval.carrier.smpp.Pdu.Empty;
import eu.aval.carrier.smpp.Pdu.Endpoint;
import eu.aval.carrier.smpp.Pdu.Unreadable;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Between a {@link Pdu} and its octets. Reading never fails: a body that cannot be read is {@link Unreadable}. */
final class PduCodec {

    static final int HEADER_LENGTH = 16;

    private PduCodec() {}

    static void write(ByteBuf out, Pdu pdu) {
        write(out, pdu.command(), pdu.status(), pdu.sequence(), pdu.body());
    }

    static void write(ByteBuf out, int command, int status, int sequence, Pdu.Body body) {
        int start = out.writerIndex();
        out.writeInt(0).writeInt(command).writeInt(status).writeInt(sequence);
        switch (body) {
            case Bind bind -> writeBind(out, bind);
            case Answer answer -> {
                writeText(out, answer.id());
                answer.tlvs().write(out);
            }
            case ShortMessage message -> writeMessage(out, command, message);
            case Empty empty -> {}
            case Unreadable unreadable -> throw new IllegalArgumentException("What could not be read is not written");
        }
        out.setInt(start, out.writerIndex() - start);
    }

    private static void writeBind(ByteBuf out, Bind bind) {
        writeText(out, bind.systemId());
        writeText(out, bind.password());
        writeText(out, bind.systemType());
        out.writeByte(bind.interfaceVersion()).writeByte(bind.ton()).writeByte(bind.npi());
        writeText(out, bind.addressRange());
    }

    private static void writeMessage(ByteBuf out, int command, ShortMessage message) {
        writeText(out, message.serviceType());
        writeEndpoint(out, message.source());
        writeEndpoint(out, message.destination());
        out.writeByte(message.esmClass());
        if (command == Command.DATA_SM) {
            out.writeByte(message.registeredDelivery()).writeByte(message.dataCoding());
        } else {
            // protocol_id, priority_flag, schedule_delivery_time
            out.writeByte(0).writeByte(0).writeByte(0);
            writeText(out, message.validity());
            // replace_if_present_flag, sm_default_msg_id
            out.writeByte(message.registeredDelivery())
                    .writeByte(0)
                    .writeByte(message.dataCoding())
                    .writeByte(0);
            out.writeByte(message.octets().length).writeBytes(message.octets());
        }
        message.tlvs().write(out);
    }

    private static void writeEndpoint(ByteBuf out, Endpoint endpoint) {
        out.writeByte(endpoint.ton()).writeByte(endpoint.npi());
        writeText(out, endpoint.value());
    }

    /** A C-octet string. A zero within would shift all that follows, so it is refused. */
    private static void writeText(ByteBuf out, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || c > 0xFF) {
                throw new IllegalArgumentException("Character " + i + " of a C-octet string cannot be written");
            }
            out.writeByte(c);
        }
        out.writeByte(0);
    }

    /** Reads one frame, from its {@code command_length} on; all of it is there. */
    static Pdu read(ByteBuf in) {
        int end = in.readerIndex() + in.readInt();
        int command = in.readInt();
        int status = in.readInt();
        int sequence = in.readInt();
        Pdu.Body body;
        try {
            body = readBody(in, end, command, status);
        } catch (IndexOutOfBoundsException e) {
            body = Unreadable.BODY;
        }
        in.readerIndex(end);
        return new Pdu(command, status, sequence, body);
    }

    private static Pdu.Body readBody(ByteBuf in, int end, int command, int status) {
        return switch (command) {
            case Command.SUBMIT_SM, Command.DELIVER_SM, Command.DATA_SM -> readMessage(in, end, command);
            case Command.BIND_RECEIVER, Command.BIND_TRANSMITTER, Command.BIND_TRANSCEIVER -> readBind(in, end);
            case Command.SUBMIT_SM_RESP,
                    Command.DELIVER_SM_RESP,
                    Command.DATA_SM_RESP,
                    Command.BIND_RECEIVER_RESP,
                    Command.BIND_TRANSMITTER_RESP,
                    Command.BIND_TRANSCEIVER_RESP -> readAnswer(in, end, status);
            default -> Empty.BODY;
        };
    }

    private static Pdu.Body readAnswer(ByteBuf in, int end, int status) {
        if (in.readerIndex() == end) {
            return status == Status.OK ? Unreadable.BODY : new Answer("", Tlvs.NONE);
        }
        int zero = in.indexOf(in.readerIndex(), end, (byte) 0);
        if (zero < 0) {
            // The closing zero was forgotten; the id is what there is
            return new Answer(in.readString(end - in.readerIndex(), StandardCharsets.ISO_8859_1), Tlvs.NONE);
        }
        String id = readText(in, end);
        return new Answer(id, Tlvs.read(in, end));
    }

    private static Bind readBind(ByteBuf in, int end) {
        return new Bind(
                readText(in, end),
                readText(in, end),
                readText(in, end),
                readNumber(in, end),
                readNumber(in, end),
                readNumber(in, end),
                readText(in, end));
    }

    private static ShortMessage readMessage(ByteBuf in, int end, int command) {
        String serviceType = readText(in, end);
        ShortMessage message = ShortMessage.of(readEndpoint(in, end), readEndpoint(in, end))
                .withServiceType(serviceType)
                .withEsmClass(readNumber(in, end));
        if (command == Command.DATA_SM) {
            message = message.withRegisteredDelivery(readNumber(in, end)).withOctets(readNumber(in, end), new byte[0]);
            return message.withTlvs(Tlvs.read(in, end));
        }
        readNumber(in, end);
        readNumber(in, end);
        readText(in, end);
        String validity = readText(in, end);
        int registeredDelivery = readNumber(in, end);
        readNumber(in, end);
        int dataCoding = readNumber(in, end);
        readNumber(in, end);
        int length = readNumber(in, end);
        if (length > end - in.readerIndex()) {
            throw new IndexOutOfBoundsException(length);
        }
        byte[] octets = new byte[length];
        in.readBytes(octets);
        return message.withValidity(validity)
                .withRegisteredDelivery(registeredDelivery)
                .withOctets(dataCoding, octets)
                .withTlvs(Tlvs.read(in, end));
    }

    private static Endpoint readEndpoint(ByteBuf in, int end) {
        return new Endpoint(readNumber(in, end), readNumber(in, end), readText(in, end));
    }

    private static int readNumber(ByteBuf in, int end) {
        if (in.readerIndex() >= end) {
            throw new IndexOutOfBoundsException(end);
        }
        return in.readUnsignedByte();
    }

    private static String readText(ByteBuf in, int end) {
        int zero = in.indexOf(in.readerIndex(), end, (byte) 0);
        if (zero < 0) {
            throw new IndexOutOfBoundsException(end);
        }
        String text = in.readString(zero - in.readerIndex(), StandardCharsets.ISO_8859_1);
        in.skipBytes(1);
        return text;
    }
}
