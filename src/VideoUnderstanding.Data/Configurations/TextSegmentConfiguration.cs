using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Configurations;

internal sealed class TextSegmentConfiguration : IEntityTypeConfiguration<TextSegment>
{
    public void Configure(EntityTypeBuilder<TextSegment> segment)
    {
        segment.ToTable("text_segments");
        segment.HasOne<Video>().WithMany().HasForeignKey(row => row.VideoId).OnDelete(DeleteBehavior.Cascade);
        segment.Property(row => row.Source).HasConversion(LowerCase.Of<TextSource>());
        // The length and the vector index follow once the model is known: VectorColumns.
        segment.Property(row => row.Embedding).HasColumnType("halfvec");
        segment.HasIndex(row => new { row.IndexId, row.Source, row.VideoId });
        // Which languages an index has.
        segment.HasIndex(row => new { row.IndexId, row.Language });
        segment.HasIndex(row => new { row.VideoId, row.Source, row.Number });
        // Migrations write what is on expressions: words in any form are found by ix_text_segments_stems, parts of words by ix_text_segments_letters, and names of brands by ix_text_segments_spellings.
    }
}
