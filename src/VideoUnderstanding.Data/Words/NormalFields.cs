using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace VideoUnderstanding.Data.Words;

/// <summary>Normalises custom metadata for comparison: texts to <see cref="NormalForm"/>, field names to NFC; numbers and booleans are
/// unchanged.</summary>
public static class NormalFields
{
    private static readonly JsonWriterOptions RelaxedEscaping = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="fields">A JSON object with text, number and boolean values.</param>
    public static string Of(string fields)
    {
        using var document = JsonDocument.Parse(fields);
        return Of(document);
    }

    /// <inheritdoc cref="Of(string)"/>
    public static string Of(JsonDocument fields)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, RelaxedEscaping))
        {
            writer.WriteStartObject();
            foreach (var field in fields.RootElement.EnumerateObject())
            {
                writer.WritePropertyName(NormalForm.Composed(field.Name));
                if (field.Value.ValueKind == JsonValueKind.String)
                    writer.WriteStringValue(NormalForm.Of(field.Value.GetString()!));
                else
                    field.Value.WriteTo(writer);
            }
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}
