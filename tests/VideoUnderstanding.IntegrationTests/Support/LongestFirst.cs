using VideoUnderstanding.IntegrationTests.App;
using VideoUnderstanding.IntegrationTests.Indexing;
using VideoUnderstanding.IntegrationTests.Inference.ScreenText;
using VideoUnderstanding.IntegrationTests.Inference.Speech;
using VideoUnderstanding.IntegrationTests.Integrations;
using VideoUnderstanding.IntegrationTests.Logos;
using VideoUnderstanding.IntegrationTests.Media;
using VideoUnderstanding.IntegrationTests.Server;
using VideoUnderstanding.IntegrationTests.Streams;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.IntegrationTests.Switching;
using VideoUnderstanding.IntegrationTests.Webhooks;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace VideoUnderstanding.IntegrationTests.Support;

/// <summary>The classes that take longest, from the reports of whole runs.</summary>
public sealed class LongestFirst() : NamedFirst(
    nameof(RunningVu), nameof(VuProcessTests), nameof(EmbeddedPostgresTests), nameof(JoinedClipTests), nameof(ScreenTextReaderTests),
    nameof(InventedTextTests), nameof(ReadReplicaTests), nameof(SpeechRecognizerTests), nameof(SpeechSwitchTests), nameof(ClockTests),
    nameof(BucketTests), nameof(RealClipTests), nameof(ThumbnailWriterTests), nameof(SwitchUnderLoadTests),
    nameof(SegmentTests), nameof(LogosCommandTests), nameof(LanguageDetectionTests), nameof(AdministrationTests));
