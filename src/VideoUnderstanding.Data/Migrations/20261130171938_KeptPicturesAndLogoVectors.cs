using Microsoft.EntityFrameworkCore.Migrations;
using Pgvector;

#nullable disable

namespace VideoUnderstanding.Data.Migrations
{
    /// <summary>Counts kept pictures, stores vectors of logos for several visual models, and records whose speech model made
    /// transcripts.</summary>
    public partial class KeptPicturesAndLogoVectors : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "pictures_size",
                table: "videos",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "next_speech_is_older",
                table: "search_table_sets",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "previous_speech_is_older",
                table: "search_table_sets",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "speech_is_older",
                table: "search_table_sets",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "logo_vectors",
                columns: table => new
                {
                    logo_id = table.Column<string>(type: "text", nullable: false),
                    model = table.Column<string>(type: "text", nullable: false),
                    embedding = table.Column<HalfVector>(type: "halfvec", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_logo_vectors", x => new { x.logo_id, x.model });
                    table.ForeignKey(
                        name: "fk_logo_vectors_logo_id",
                        column: x => x.logo_id,
                        principalTable: "logos",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            // The comment of the column has the name of the model. Vectors without it are made again before the first search.
            migrationBuilder.Sql("""
                INSERT INTO logo_vectors (logo_id, model, embedding)
                SELECT l.id, m.model, l.embedding FROM logos l CROSS JOIN (SELECT col_description(attrelid, attnum) AS model
                    FROM pg_attribute WHERE attrelid = 'logos'::regclass AND attname = 'embedding') m
                WHERE m.model IS NOT NULL
                """);

            migrationBuilder.DropColumn(
                name: "embedding",
                table: "logos");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            // Only vectors of one model fit the earlier schema. The server then asks for the profile of the vectors that it finds.
            migrationBuilder.AddColumn<HalfVector>(
                name: "embedding",
                table: "logos",
                type: "halfvec",
                nullable: true);

            migrationBuilder.Sql("""
                UPDATE logos SET embedding = v.embedding FROM logo_vectors v
                    WHERE v.logo_id = logos.id AND v.model = (SELECT min(model) FROM logo_vectors);
                DELETE FROM logos WHERE embedding IS NULL;
                ALTER TABLE logos ALTER COLUMN embedding SET NOT NULL;
                """);

            migrationBuilder.DropTable(
                name: "logo_vectors");

            migrationBuilder.DropColumn(
                name: "pictures_size",
                table: "videos");

            migrationBuilder.DropColumn(
                name: "next_speech_is_older",
                table: "search_table_sets");

            migrationBuilder.DropColumn(
                name: "previous_speech_is_older",
                table: "search_table_sets");

            migrationBuilder.DropColumn(
                name: "speech_is_older",
                table: "search_table_sets");
        }
    }
}
