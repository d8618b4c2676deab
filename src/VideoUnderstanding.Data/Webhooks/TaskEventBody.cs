using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Webhooks;

/// <summary>Writes the JSON of a task event or test event. CONTRACT, section 11. Stored as bytes, because the signature covers the exact
/// bytes.</summary>
public static class TaskEventBody
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>UTF-8.</returns>
    public static byte[] Write(string id, string type, DateTimeOffset createdAt, IndexingTask task, VideoIndex index)
        => Write(id, type, createdAt, json => WriteTask(json, task, index));

    /// <summary>Writes a test event, whose data contains only the endpoint's id.</summary>
    /// <returns>UTF-8.</returns>
    public static byte[] WriteTest(string id, DateTimeOffset createdAt, string endpointId)
        => Write(id, WebhookEventTypes.Test, createdAt, json =>
        {
            json.WriteStartObject();
            json.WriteString("webhook_id", endpointId);
            json.WriteEndObject();
        });

    private static byte[] Write(string id, string type, DateTimeOffset createdAt, Action<Utf8JsonWriter> writeData)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteString("created_at", createdAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("type", type);
            json.WritePropertyName("data");
            writeData(json);
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    private static void WriteTask(Utf8JsonWriter json, IndexingTask task, VideoIndex index)
    {
        json.WriteStartObject();
        json.WriteString("id", task.Id);
        json.WriteStartObject("metadata");
        // Unknown if the task failed before its video was probed.
        if (task.Duration is { } seconds)
            json.WriteNumber("duration", seconds);
        json.WriteEndObject();
        json.WriteString("status", task.State.ToString().ToLowerInvariant());
        json.WriteString("engine", index.EngineId);
        json.WriteStartArray("index_options");
        foreach (var option in index.Options)
            json.WriteStringValue(option);
        json.WriteEndArray();
        // Always empty in v1.1; included because clients read it.
        json.WriteStartArray("tags");
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
