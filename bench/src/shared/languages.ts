/** What is spoken of a language. */
export interface Script {
  readonly language: string;
  /** The name of espeak-ng's voice. */
  readonly voice: string;
  /**
   * What is said, a response each. Words stand between spaces; with `pieces` they stand between bars, are written without
   * a space, and may say after a slash how the voice is to read them, where it does not know the script.
   */
  readonly texts: readonly string[];
  readonly pieces?: true;
}

/** Everyday answers of a voice agent, with numbers, times and amounts. All written for this benchmark. */
export const SCRIPTS: readonly Script[] = [
  {
    language: 'English',
    voice: 'en-us',
    texts: [
      "Good morning! Your order left our warehouse at 7:45 and should arrive on Friday. If you won't be home, the driver will leave it with a neighbour.",
      'The total comes to $1,250.50, including a discount of 15% for members. Would you like to pay by card, or shall I send an invoice to Mrs. Taylor?',
      'To restart the router, hold the small button for ten seconds, wait until both lights blink, and then try once more. In 2026 we replaced most of the older models.',
    ],
  },
  {
    language: 'German',
    voice: 'de',
    texts: [
      'Guten Tag, Ihre Bestellung hat unser Lager um 7:45 verlassen und kommt voraussichtlich am Freitag. Falls niemand zu Hause ist, gibt der Fahrer sie beim Nachbarn ab.',
      'Der Gesamtbetrag ist 249 Euro, darin sind 15% Rabatt für Mitglieder enthalten. Möchten Sie mit Karte bezahlen, oder soll ich eine Rechnung schicken?',
      'Halten Sie den kleinen Knopf zehn Sekunden lang gedrückt, warten Sie auf die Kontrollleuchten, und versuchen Sie es dann noch einmal.',
    ],
  },
  {
    language: 'French',
    voice: 'fr',
    texts: [
      "Bonjour, votre commande a quitté l'entrepôt ce matin et devrait arriver vendredi. Si vous n'êtes pas là, le livreur la laissera chez un voisin.",
      'Le total est de 249 euros, avec une remise de 15% pour les abonnés. Souhaitez-vous payer par carte, ou préférez-vous recevoir une facture?',
      'Appuyez dix secondes sur le petit bouton, attendez que les deux voyants clignotent, puis essayez encore. En 2026 nous avons remplacé les anciens modèles.',
    ],
  },
  {
    language: 'Spanish',
    voice: 'es',
    texts: [
      'Buenos días, su pedido salió del almacén esta mañana y debería llegar el viernes. ¿Quiere que el repartidor lo deje con un vecino?',
      'El total es de 249 euros, con un descuento del 15% para socios. ¿Prefiere pagar con tarjeta, o le envío una factura?',
      'Mantenga pulsado el botón pequeño durante diez segundos, espere hasta que parpadeen las dos luces y pruebe otra vez.',
    ],
  },
  {
    language: 'Polish',
    voice: 'pl',
    texts: [
      'Dzień dobry, paczka wyszła dziś rano z magazynu i powinna dotrzeć w piątek. Jeśli nikogo nie będzie w domu, kurier zostawi ją u sąsiada.',
      'Razem wychodzi 249 złotych, a członkowie klubu dostają 15% zniżki. Woli pan zapłacić kartą, czy mam wysłać fakturę?',
      'Proszę przytrzymać mały przycisk przez dziesięć sekund, poczekać, aż zamigają obie lampki, i spróbować jeszcze raz.',
    ],
  },
  {
    language: 'Russian',
    voice: 'ru',
    texts: [
      'Доброе утро, ваш заказ сегодня вышел со склада и должен прийти в пятницу. Если никого не будет дома, курьер оставит его у соседей.',
      'Всего получается 249 рублей, со скидкой 15% для постоянных клиентов. Вам удобнее заплатить картой, или выслать счёт?',
      'Нажмите маленькую кнопку и держите десять секунд, подождите, пока мигнут обе лампочки, и попробуйте ещё раз.',
    ],
  },
  {
    language: 'Greek',
    voice: 'el',
    texts: [
      'Καλημέρα σας, η παραγγελία έφυγε σήμερα το πρωί από την αποθήκη και θα φτάσει την Παρασκευή. Αν λείπετε, ο οδηγός θα την αφήσει στον γείτονα.',
      'Το σύνολο είναι 249 ευρώ, μαζί με την έκπτωση 15% για τα μέλη. Θέλετε να πληρώσετε με κάρτα, ή να στείλω τιμολόγιο;',
      'Κρατήστε πατημένο το μικρό κουμπί δέκα δευτερόλεπτα, περιμένετε να ανάψουν τα φώτα και δοκιμάστε ξανά.',
    ],
  },
  {
    language: 'Turkish',
    voice: 'tr',
    texts: [
      'Günaydın, siparişiniz bu sabah depodan çıktı ve cuma günü elinizde olacak. Evde kimse yoksa kurye komşunuza bırakabilir.',
      'Toplam tutar 249 lira, üyelere özel 15 lira indirim de dahil. Kartla mı ödemek istersiniz, yoksa fatura mı göndereyim?',
      'Küçük düğmeyi on saniye basılı tutun, iki ışık da yanıp sönene kadar bekleyin ve sonra yeniden deneyin.',
    ],
  },
  {
    language: 'Vietnamese',
    voice: 'vi',
    texts: [
      'Chào buổi sáng, đơn hàng của bạn đã rời kho sáng nay và sẽ đến vào thứ sáu. Nếu bạn không có nhà, tài xế sẽ gửi cho hàng xóm.',
      'Tổng cộng là 249 nghìn đồng, đã giảm 15 phần trăm cho thành viên. Bạn muốn trả bằng thẻ, hay để tôi gửi hóa đơn?',
      'Hãy giữ nút nhỏ trong mười giây, chờ cho hai đèn nhấp nháy, rồi thử lại một lần nữa.',
    ],
  },
  {
    language: 'Arabic',
    voice: 'ar',
    texts: [
      'صباح الخير، لقد خرج طلبك من المخزن هذا الصباح وسيصل يوم الجمعة. إذا لم تكن في البيت، سيتركه السائق عند الجيران.',
      'المبلغ الكامل هو 249 دينارا، مع خصم للأعضاء الجدد. هل تريد أن تدفع بالبطاقة، أم أرسل لك الفاتورة؟',
      'اضغط على الزر الصغير عشر ثوان، وانتظر حتى يضيء المصباحان، ثم حاول مرة أخرى.',
    ],
  },
  {
    language: 'Hebrew',
    voice: 'he',
    texts: [
      'בוקר טוב, ההזמנה שלך יצאה הבוקר מהמחסן ותגיע ביום שישי. אם לא תהיה בבית, השליח ישאיר אותה אצל השכנים.',
      'הסכום הכולל הוא מאתיים שקלים, אחרי הנחה לחברי המועדון. האם תרצה לשלם בכרטיס, או לקבל חשבונית?',
      'לחץ על הכפתור הקטן עשר שניות, חכה עד ששתי הנורות יהבהבו, ואז נסה שוב.',
    ],
  },
  {
    language: 'Hindi',
    voice: 'hi',
    texts: [
      'सुप्रभात, आपका सामान आज सुबह गोदाम से निकल गया है और शुक्रवार तक पहुँच जाएगा। अगर आप घर पर नहीं होंगे, तो ड्राइवर उसे पड़ोसी को दे देगा।',
      'कुल रकम 249 रुपये है, जिसमें सदस्यों की छूट शामिल है। क्या आप कार्ड से भुगतान करेंगे, या मैं बिल भेज दूँ?',
      'छोटे बटन को दस सेकंड तक दबाकर रखें, दोनों बत्तियों के चमकने तक रुकें, और फिर से कोशिश करें।',
    ],
  },
  {
    language: 'Korean',
    voice: 'ko',
    texts: [
      '안녕하세요, 주문하신 상품은 오늘 아침에 출고되어 금요일에 도착할 예정입니다. 댁에 안 계시면 기사님이 이웃에게 맡겨 드립니다.',
      '총 금액은 249 달러이고, 회원 할인이 포함되어 있습니다. 카드로 결제하시겠습니까, 아니면 청구서를 보내 드릴까요?',
      '작은 버튼을 십 초 동안 누르고, 불이 두 개 모두 깜박일 때까지 기다린 다음 다시 해 보세요.',
    ],
  },
  {
    language: 'Chinese, Mandarin',
    voice: 'cmn-latn-pinyin',
    pieces: true,
    texts: [
      '早上/zao3 shang4|好/hao3|，|您/nin2|的/de5|订单/ding4 dan1|今天/jin1 tian1|已经/yi3 jing1|离开/li2 kai1|仓库/cang1 ku4|，|星期五/xing1 qi1 wu3|就/jiu4|会/hui4|送到/song4 dao4|。|如果/ru2 guo3|家里/jia1 li3|没有/mei2 you3|人/ren2|，|司机/si1 ji1|可以/ke3 yi3|交给/jiao1 gei3|邻居/lin2 ju1|。',
      '一共/yi2 gong4|是/shi4|两百/liang3 bai3|元/yuan2|，|会员/hui4 yuan2|有/you3|折扣/zhe2 kou4|。|您/nin2|想/xiang3|刷卡/shua1 ka3|，|还是/hai2 shi4|需要/xu1 yao4|发票/fa1 piao4|？',
      '请/qing3|按住/an4 zhu4|小/xiao3|按钮/an4 niu3|十/shi2|秒/miao3|，|等/deng3|两个/liang3 ge4|灯/deng1|都/dou1|亮/liang4|了/le5|，|然后/ran2 hou4|再/zai4|试/shi4|一次/yi2 ci4|。',
    ],
  },
  {
    language: 'Chinese, Cantonese',
    voice: 'yue',
    pieces: true,
    texts: [
      '早晨|，|你|嘅|訂單|今日|已經|離開|倉庫|，|星期五|就|會|送到|。|如果|屋企|冇|人|，|司機|可以|交俾|鄰居|。',
      '一共|係|兩百|蚊|，|會員|有|折扣|。|你|想|用|信用卡|，|定係|要|發票|？',
      '請|按住|細|掣|十|秒|，|等|兩|盞|燈|都|着|咗|，|然後|再|試|一次|。',
    ],
  },
  {
    language: 'Japanese',
    voice: 'ja',
    pieces: true,
    texts: [
      'おはようございます|。|ご|注文/ちゅうもん|の|商品/しょうひん|は|今朝/けさ|倉庫/そうこ|を|出て/でて|、|金曜日/きんようび|に|届きます/とどきます|。|お|留守/るす|の|場合/ばあい|は|、|近所/きんじょ|の|方/かた|に|預けます/あずけます|。',
      '合計/ごうけい|は|二百/にひゃく|ドル|で|、|会員/かいいん|割引/わりびき|も|入って/はいって|います|。|カード|で|払います/はらいます|か|、|それとも|請求書/せいきゅうしょ|を|送ります/おくります|か|？',
      '小さい/ちいさい|ボタン|を|十/じゅう|秒/びょう|押して/おして|、|ランプ|が|二つ/ふたつ|とも|光る/ひかる|まで|待って/まって|、|もう|一度/いちど|試して/ためして|ください|。',
    ],
  },
  {
    // espeak-ng drops most vowels of Burmese: read from a transcription by the Indonesian voice.
    language: 'Burmese, transcribed',
    voice: 'id',
    pieces: true,
    texts: [
      'မင်္ဂလာပါ/mingalaba|၊/,|ခင်ဗျား/khamya|ရဲ့/ye|ပစ္စည်း/pyitsi|ဒီ/di|နေ့/ne|မနက်/manet|ဂိုဒေါင်/godaung|က/ka|ထွက်/thwet|သွား/thwa|ပါ/ba|ပြီ/byi|။/.|သောကြာ/thaukya|နေ့/ne|မှာ/hma|ရောက်/yauk|ပါ/ba|မယ်/me|။/.',
      'စုစုပေါင်း/susubaung|နှစ်/hni|ရာ/ya|ကျပ်/kyat|ပါ/ba|။/.|ကတ်/kat|နဲ့/ne|ပေး/pe|မလား/mala|၊/,|ငွေတောင်းခံလွှာ/ngwetaunkhanhlwa|ပို့/po|ပေး/pe|ရ/ya|မလား/mala|။/.',
      'ခလုတ်/khalok|အသေး/athe|ကို/ko|ဆယ်/se|စက္ကန့်/sekkan|ဖိ/phi|ထား/hta|ပါ/ba|၊/,|မီး/mi|နှစ်/hna|လုံး/lon|လင်း/lin|အောင်/aung|စောင့်/saung|ပါ/ba|။/.',
    ],
  },
  {
    // espeak-ng spells Thai letter by letter: read from a transcription by the Indonesian voice.
    language: 'Thai, transcribed',
    voice: 'id',
    pieces: true,
    texts: [
      'สวัสดี/sawatdi|ครับ/khrap| |สินค้า/sinkha|ของ/khong|คุณ/khun|ออก/ok|จาก/cak|โกดัง/kodang|เช้า/cao|นี้/ni| |และ/lae|จะ/ca|ถึง/theung|วัน/wan|ศุกร์/suk| |ถ้า/tha|ไม่/mai|มี/mi|ใคร/khrai|อยู่/yu|บ้าน/ban| |คนขับ/khonkhap|จะ/ca|ฝาก/fak|ไว้/wai|กับ/kap|เพื่อน/pheuan|บ้าน/ban',
      'ยอด/yot|รวม/ruam|สอง/song|ร้อย/roi|บาท/bat| |มี/mi|ส่วน/suan|ลด/lot|สำหรับ/samrap|สมาชิก/samacik| |คุณ/khun|จะ/ca|จ่าย/cai|ด้วย/duai|บัตร/bat| |หรือ/reu|ให้/hai|ส่ง/song|ใบ/bai|เสร็จ/set|ไป/pai|ให้/hai',
      'กด/kot|ปุ่ม/pum|เล็ก/lek|ค้าง/khang|ไว้/wai|สิบ/sip|วินาที/winathi| |รอ/ro|จน/con|ไฟ/fai|ทั้ง/thang|สอง/song|ดวง/duang|ติด/tit| |แล้ว/laeo|ลอง/long|อีก/ik|ครั้ง/khrang',
    ],
  },
];
